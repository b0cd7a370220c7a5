import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planTraining } from "#core/training/planTraining.js";
import { completeSpec } from "#core/jobs/completeSpec.js";
import { repositoryRoot } from "#local/repositoryRoot.js";
import { type Runner, type RunnerMessage, startRunner } from "#platform/runnerProcess.js";
import type { RunnerInput } from "#trainer/runnerProtocol.js";

// The compiled runner of the trainer, as its supervisor sees it.

const tinyBert = join(repositoryRoot, "test/parity/goldens/tiny-bert");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-runner-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function start(changes: Partial<RunnerInput>, environment: Record<string, string> = {}) {
  const { spec } = completeSpec({ dataset: { id: "d" }, optimizer: { name: "adamw", hyperparameters: {} }, maxSteps: 1, maxLength: 16 });
  if (spec === undefined) throw new Error("the spec of this test is valid");
  const input: RunnerInput = {
    spec,
    plan: planTraining({ spec, trainRows: 4, validationRows: 4, tokenLengths: [], head: { task: "classification", classes: 2 } }),
    model: { folder: tinyBert, roots: [tinyBert], name: "tiny" },
    dataset: { id: "d", digest: "0" },
    classes: ["a", "b"],
    splitFiles: { train: join(folder, "no-such-file") },
    checkpointFolder: join(folder, "checkpoint"),
    ...changes,
  };
  const messages: RunnerMessage[] = [];
  const log: string[] = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => void log.push(line) });
  const runner: Runner = startRunner({
    script: join(repositoryRoot, "dist/services/trainer/runner/main.js"),
    environment,
    logger,
    input,
    onMessage: (message) => void messages.push(message),
  });
  return { runner, messages, log };
}

describe("the training runner", () => {
  it("tells its caller nothing of its machine when something unexpected happens, and its log everything", async () => {
    const { runner, messages, log } = start({});
    await runner.exited;
    expect(messages.at(-1)).toEqual({
      type: "failed",
      error: { code: "RUNNER_ERROR", message: "unexpected failure in the runner; the service log says more" },
    });
    expect(log.join("")).toMatch(/ENOENT.*no-such-file/s);
  });

  it("names the model's file that is wrong, in the caller's words", async () => {
    const broken = join(folder, "broken");
    await writeFile(broken, "");
    const { runner, messages } = start({
      model: { folder: broken, roots: [folder], name: "/asked/for" },
      splitFiles: { train: "/dev/null" },
    });
    await runner.exited;
    const { error } = messages.at(-1) as unknown as { error: { code: string; message: string; field: string } };
    expect(error).toMatchObject({ field: "training_job.model" });
    expect(error.message).not.toContain(folder);
  });

  it("stops within a second in the middle of a download from a hub that says nothing", async () => {
    const hub = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(hub, "listening");
    const endpoint = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`;
    const { runner, messages } = start({ model: { hubId: "org/model", cacheFolder: join(folder, "hub") } }, { HF_ENDPOINT: endpoint });
    await once(hub, "request");
    const asked = performance.now();
    runner.stop();
    await runner.exited;
    expect(performance.now() - asked).toBeLessThan(1500);
    expect(messages.map(({ type }) => type)).toEqual(["stopped"]);
    hub.closeAllConnections();
    hub.close();
  });
});
