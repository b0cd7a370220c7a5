import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { isAlive } from "#local/processIdentity.js";
import { createLogger } from "#platform/logger.js";
import { startRunner, type Runner, type RunnerMessage } from "#platform/runnerProcess.js";
import { compiledFixture } from "./compiled.js";

function start(input: object): { runner: Runner; messages: RunnerMessage[] } {
  const messages: RunnerMessage[] = [];
  const runner = startRunner({
    script: compiledFixture("sampleRunner"),
    environment: { SAMPLE: "given" },
    logger: createLogger("test", "silent"),
    input,
    onMessage: (message) => messages.push(message),
  });
  return { runner, messages };
}

it("hands input and messages over, NaN and typed arrays included, and exits with 0", async () => {
  const value = { loss: Number.NaN, top: Number.NEGATIVE_INFINITY, weights: new Float32Array([1, 2]) };
  const { runner, messages } = start({ mode: "echo", value });
  expect(await runner.exited).toEqual({ code: 0, signal: null });
  expect(messages).toEqual([{ type: "echo", value, secret: "given" }]);
});

it("says what its handler threw and exits with 1", async () => {
  const { runner, messages } = start({ mode: "throw" });
  expect(await runner.exited).toEqual({ code: 1, signal: null });
  expect(messages.at(-1)).toMatchObject({
    type: "error",
    name: "RangeError",
    message: "3 is out of range",
    stack: expect.stringContaining("sampleRunner"),
  });
});

it("stops when asked, and loses none of its last messages", async () => {
  const { runner, messages } = start({ mode: "untilStopped" });
  await expect.poll(() => messages.length).toBe(1);
  runner.stop();
  expect(await runner.exited).toEqual({ code: 0, signal: null });
  expect(messages.filter(({ type }) => type === "last").map(({ n }) => n)).toEqual(Array.from({ length: 1000 }, (_, n) => n));
});

it("ends at once when it is killed, also while it is busy", async () => {
  const { runner, messages } = start({ mode: "busy" });
  await expect.poll(() => messages.length).toBe(1);
  runner.kill();
  expect(await runner.exited).toEqual({ code: null, signal: "SIGKILL" });
  runner.stop();
});

it("says how it ended when its script does not exist", async () => {
  const runner = startRunner({ script: "/nowhere/x.js", logger: createLogger("test", "silent"), input: {}, onMessage: () => undefined });
  expect((await runner.exited).code).toBe(1);
});

it.each(["busy", "untilStopped"])("leaves no orphan when its supervisor is killed with -9 (%s)", async (mode) => {
  const supervisor = spawn(process.execPath, [compiledFixture("sampleSupervisor"), mode], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(supervisor.stdout, "data")) as [Buffer];
  const pid = Number(line.toString());
  expect(isAlive(pid)).toBe(true);
  supervisor.kill("SIGKILL");
  // By itself the busy one would not end before this test is given up.
  await expect.poll(() => isAlive(pid)).toBe(false);
});
