import { fork } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { compiledFixture } from "./compiled.js";

const environment = { ...process.env, NATS_URL: "nats://127.0.0.1:1", STEPWIRE_DATA: "unused", OTEL_EXPORTER_OTLP_ENDPOINT: "" };

function start(mode: string, env: NodeJS.ProcessEnv = environment) {
  const service = fork(compiledFixture("sampleService"), [mode], { silent: true, execArgv: [], env });
  const output = { text: "" };
  for (const stream of [service.stdout, service.stderr]) stream?.on("data", (data: Buffer) => (output.text += data.toString()));
  return { service, output, exited: once(service, "exit") as Promise<[number | null, NodeJS.Signals | null]> };
}

it.each(["SIGTERM", "SIGINT"] as const)("says when it is ready, and stops once on %s", async (signal) => {
  const { service, output, exited } = start("runs");
  expect((await once(service, "message"))[0]).toEqual({ type: "ready", address: "127.0.0.1:1234" });
  service.kill(signal);
  service.kill(signal);
  expect(await exited).toEqual([0, null]);
  expect(output.text.match(/stopped true/g)).toHaveLength(1);
});

it("stops when the process that started it is gone", async () => {
  const { service, output, exited } = start("runs");
  await once(service, "message");
  service.disconnect();
  expect(await exited).toEqual([0, null]);
  expect(output.text).toContain("stopped true");
});

it("exits with 1 when it does not stop within the grace period", async () => {
  const { service, output, exited } = start("hangs");
  await once(service, "message");
  service.kill("SIGTERM");
  expect(await exited).toEqual([1, null]);
  expect(output.text).toContain("did not stop within the grace period");
});

it("logs an uncaught error and exits with 1", async () => {
  const { output, exited } = start("crashes");
  expect(await exited).toEqual([1, null]);
  expect(output.text).toContain("SyntaxError");
});

it("exits with 1 when it cannot start, or cannot read its configuration", async () => {
  const failing = start("fails");
  expect(await failing.exited).toEqual([1, null]);
  expect(failing.output.text).toContain("no disk");
  const unconfigured = start("runs", { ...environment, NATS_URL: "", STEPWIRE_LEASE_SECONDS: "x" });
  expect(await unconfigured.exited).toEqual([1, null]);
  expect(unconfigured.output.text).toMatch(/NATS_URL is not set.*STEPWIRE_LEASE_SECONDS is \\"x\\"/s);
});
