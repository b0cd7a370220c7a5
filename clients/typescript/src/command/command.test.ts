import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { status } from "@grpc/grpc-js";
import type { CreateTrainingJobRequest, TrainingEventInput, TrainingJobInput as WireJob } from "@stepwire/proto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ContractServer, detailedError, startContractServer } from "../testing/contractServer.js";
import { startPrivateStack } from "./privateStack.js";

// The built command against a real gRPC server that answers as the services do.

const bin = fileURLToPath(new URL("../../bin/stepwire.js", import.meta.url));
let server: ContractServer;
let folder: string;
const created: CreateTrainingJobRequest[] = [];
let events: TrainingEventInput[] = [];
let final: WireJob = {};
let cancels = 0;
let refusal: ReturnType<typeof detailedError> | undefined;
let onCancel = (): void => undefined;

const succeeded: WireJob = {
  id: "job",
  uid: "u",
  state: "TRAINING_JOB_STATE_SUCCEEDED",
  model: "all-MiniLM-L6-v2",
  dataset: { id: "d" },
  optimizer: { name: "adamw" },
  result: {
    steps: 2,
    final_loss: 0.25,
    train_seconds: 1.5,
    peak_memory_bytes: "1073741824",
    checkpoint: "/checkpoints/job",
    validation_accuracy: 0.75,
  },
};
const point = (step: number, loss: number): TrainingEventInput => ({
  metric: { job: "job", step, total_steps: 2, loss, tokens: "64", kind: "METRIC_KIND_TRAIN", attempt: 1 },
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-command-"));
  created.length = 0;
  cancels = 0;
  refusal = undefined;
  final = succeeded;
  events = [
    { state_change: { state: "TRAINING_JOB_STATE_RUNNING" } },
    point(1, 0.5),
    point(2, NaN),
    { state_change: { state: "TRAINING_JOB_STATE_SUCCEEDED" } },
  ];
  server = await startContractServer({
    catalog: {
      ImportDataset: (call, callback) => {
        call.resume();
        call.on("end", () =>
          callback(null, {
            id: "d",
            splits: [
              { name: "train", rows: 3 },
              { name: "test", rows: 3 },
            ],
            classes: ["a", "b"],
          }),
        );
      },
      ListOptimizers: (_call, callback) =>
        callback(null, {
          optimizers: [
            { name: "adamw", description: "Adam with decoupled weight decay." },
            { name: "sgd", description: "Gradient descent." },
          ],
        }),
    },
    trainer: {
      CreateTrainingJob: (call, callback) => {
        created.push(call.request);
        if (refusal) callback(refusal);
        else callback(null, { ...succeeded, state: "TRAINING_JOB_STATE_QUEUED", plan: { total_steps: 2 } });
      },
      GetTrainingJob: (_call, callback) => callback(null, final),
      CancelTrainingJob: (_call, callback) => {
        cancels++;
        callback(null, { ...succeeded, state: "TRAINING_JOB_STATE_CANCELLING" });
        onCancel();
      },
      ListTrainingJobs: (_call, callback) => callback(null, { training_jobs: [succeeded, { ...succeeded, id: "older" }] }),
      WatchTrainingJob: (call) => {
        for (const event of events) call.write(event);
        if (events.at(-1)?.state_change?.state === "TRAINING_JOB_STATE_SUCCEEDED") call.end();
        onCancel = () => {
          final = { ...succeeded, state: "TRAINING_JOB_STATE_CANCELLED" };
          call.write({ state_change: { state: "TRAINING_JOB_STATE_CANCELLED" } });
          call.end();
        };
      },
    },
    evaluator: {
      CreateEvaluation: (call, callback) =>
        callback(null, { id: "e", training_job: "job", split: call.request.evaluation?.split ?? "", state: "EVALUATION_STATE_QUEUED" }),
      GetEvaluation: (_call, callback) =>
        callback(null, {
          id: "e",
          training_job: "job",
          split: "test",
          state: "EVALUATION_STATE_SUCCEEDED",
          metrics: {
            examples: 10,
            correct: 9,
            macro_f1: 0.88,
            accuracy: { estimate: 0.9, lower: 0.5958, upper: 0.9821, level: 0.95, method: "wilson" },
          },
        }),
    },
  });
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const addresses = () => ["--trainer-address", server.address, "--evaluator-address", server.address];
function start(args: readonly string[]): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [bin, ...args], { stdio: ["ignore", "pipe", "pipe"] });
}
async function run(args: readonly string[]) {
  const child = start(args);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  const lines = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { code, stdout, stderr, lines };
}
async function rows(): Promise<string> {
  const path = join(folder, "train.csv");
  await writeFile(path, "text,label\ngood,a\nbad,b\n");
  return path;
}

describe("stepwire train", () => {
  it("sends only what was given, and prints one JSON object a line", async () => {
    const flags = [
      "--optimizer",
      "sgd",
      "--momentum",
      "0.9",
      "--hyperparameter",
      "nesterov=true",
      "--learning-rate",
      "2e-4",
      "--max-steps",
      "2",
      "--on-nan",
      "skip",
      "--job-label",
      "team=a",
      "--warmup-ratio",
      ".1",
    ];
    const { code, lines, stderr } = await run([...addresses(), "train", "--train", await rows(), ...flags, "--json"]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(created[0]?.training_job).toMatchObject({
      model: "",
      dataset: { id: "d", train_split: "" },
      optimizer: {
        name: "sgd",
        hyperparameters: {
          fields: { momentum: { numberValue: 0.9 }, nesterov: { boolValue: true }, learning_rate: { numberValue: 2e-4 } },
        },
      },
      schedule: { name: "", warmup_ratio: 0.1 },
      max_steps: 2,
      on_nan: "NAN_POLICY_SKIP",
      labels: { team: "a" },
    });
    expect(created[0]?.training_job).not.toHaveProperty("epochs");
    expect(created[0]?.training_job).not.toHaveProperty("batch_size");
    expect(lines.map(({ type }) => type)).toEqual(["dataset", "state", "metric", "metric", "state", "evaluation", "result"]);
    expect(lines[1]).toMatchObject({ state: "RUNNING" });
    expect(lines[2]).toMatchObject({ kind: "METRIC_KIND_TRAIN", step: 1, loss: 0.5, tokens: "64" });
    expect(lines[3]).toMatchObject({ loss: "NaN" });
    expect(lines[5]).toMatchObject({
      split: "test",
      accuracy: { estimate: 0.9, lower: 0.5958, upper: 0.9821, level: 0.95, method: "wilson" },
      macro_f1: 0.88,
    });
    expect(lines[6]).toMatchObject({
      id: "job",
      optimizer: "adamw",
      seconds: 1.5,
      peak_memory_bytes: 1_073_741_824,
      checkpoint: "/checkpoints/job",
    });
  });

  it("prints the accuracy with its interval for people", async () => {
    const { code, stdout, stderr } = await run([...addresses(), "train", "--train", await rows(), "--optimizer", "adamw"]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain('accuracy 0.900 (95% interval 0.596 to 0.982, wilson): 9 of 10 examples of "test"');
    expect(stdout).toContain("checkpoint /checkpoints/job");
    expect(stderr).toContain("step 2/2");
  });

  it("says all faults of its flags at once and ends with 2", async () => {
    const { code, stderr } = await run([...addresses(), "train", "--learning-rate", "0x1", "--batch-size", "1.5", "--job-label", "a"]);
    expect(code).toBe(2);
    for (const flag of ['--learning-rate: "0x1"', '--batch-size: "1.5"', '--job-label: "a"', "--optimizer:", "--train:"])
      expect(stderr).toContain(flag);
    expect(created).toEqual([]);
  });

  it("names the flag of what the server refused, and the field in JSON", async () => {
    const violations = [
      { field: "training_job.optimizer.hyperparameters.learning_rate", reason: "OUT_OF_RANGE", description: "-1 is out of range" },
    ];
    refusal = detailedError({ code: status.INVALID_ARGUMENT, message: "m", reason: "OUT_OF_RANGE", metadata: {}, violations });
    const args = [...addresses(), "train", "--train", await rows(), "--optimizer", "adamw", "--learning-rate", "-1"];
    expect(await run(args)).toMatchObject({ code: 2, stderr: expect.stringContaining("--learning-rate: -1 is out of range") as string });
    const { code, lines } = await run([...args, "--json"]);
    expect(code).toBe(2);
    expect(lines.at(-1)).toMatchObject({ type: "error", code: "INVALID_ARGUMENT", violations });
  });

  it("ends with 1 when the job failed", async () => {
    events = [{ state_change: { state: "TRAINING_JOB_STATE_FAILED" } }];
    final = { ...succeeded, state: "TRAINING_JOB_STATE_FAILED", error: { code: "NAN_LOSS", message: "the loss is NaN", step: 4 } };
    const { code, lines } = await run([...addresses(), "train", "--train", await rows(), "--optimizer", "adamw", "--json"]);
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ type: "error", reason: "NAN_LOSS" });
  });

  it("cancels the job on Ctrl-C and ends with 130", async () => {
    events = [point(1, 0.5)];
    const child = start([...addresses(), "train", "--train", await rows(), "--optimizer", "adamw", "--json"]);
    for await (const line of createInterface({ input: child.stdout })) if (line.includes('"metric"')) break;
    child.kill("SIGINT");
    const [code] = (await once(child, "exit")) as [number | null];
    expect(code).toBe(130);
    expect(cancels).toBe(1);
  });
});

describe("the other commands", () => {
  it("list, show, watch and cancel jobs", async () => {
    const list = await run([...addresses(), "jobs", "--limit", "1"]);
    expect(list).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ID +STATE.*\njob +SUCCEEDED/) as string });
    expect(list.stdout).not.toContain("older");
    expect((await run([...addresses(), "jobs", "job"])).stdout).toMatch(/optimizer +adamw/);
    expect((await run([...addresses(), "watch", "job", "--json"])).lines.map(({ type }) => type)).toEqual([
      "state",
      "metric",
      "metric",
      "state",
      "result",
    ]);
    expect(await run([...addresses(), "cancel", "job"])).toMatchObject({ code: 0, stdout: "training job job is CANCELLING\n" });
  });

  it("refuse a state that there is not", async () => {
    const { code, stderr } = await run([...addresses(), "jobs", "--state", "runing"]);
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean "RUNNING"?');
  });

  it("evaluate a job", async () => {
    expect((await run([...addresses(), "evaluate", "job", "--split", "test", "--json"])).lines).toMatchObject([
      { type: "evaluation", training_job: "job" },
    ]);
  });

  it("describe the optimizers", async () => {
    expect((await run([...addresses(), "optimizers"])).stdout).toContain("adamw  Adam with decoupled weight decay.");
    expect(await run([...addresses(), "optimizers", "adamv"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean "adamw"?') as string,
    });
  });

  it("name the address and how to start the services when none answers", async () => {
    const { address } = server;
    server.close();
    const { code, stderr } = await run(["--trainer-address", address, "jobs"]);
    expect(code).toBe(1);
    expect(stderr).toContain(`No service answers at ${address} (trainer)`);
    expect(stderr).toContain("npm start");
  });

  it("suggest the nearest flag and end with 2", async () => {
    expect(await run(["train", "--optimiser", "adamw"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--optimizer") as string,
    });
    expect((await run(["jobs", "--jsn", "--json"])).lines).toMatchObject([{ type: "error", code: "INVALID_ARGUMENT" }]);
  });
});

async function writeProgram(source: string): Promise<string> {
  const path = join(folder, "start.mjs");
  await writeFile(path, source);
  await chmod(path, 0o755);
  return path;
}

describe("a private stack", () => {
  it("is ready when it says its addresses, and stop waits until it has ended", async () => {
    const path = await writeProgram(`
      process.send({ type: "ready", trainerAddress: process.argv.slice(2).join(" "), evaluatorAddress: String(process.pid) });
      process.on("SIGTERM", () => setTimeout(() => process.exit(0), 200));
      setInterval(() => undefined, 1000);`);
    const stack = await startPrivateStack(path, "/models/mine", new AbortController().signal, () => undefined);
    expect(stack.trainerAddress).toBe("--private --model-root /models/mine");
    const pid = Number(stack.evaluatorAddress);
    await stack.stop();
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });

  it("that ends before it is ready is an error with what it said last", async () => {
    const path = await writeProgram(`console.error("no compiler found"); process.exitCode = 3;`);
    let said = "";
    const starting = startPrivateStack(path, undefined, new AbortController().signal, (text) => (said += text));
    await expect(starting).rejects.toThrow(/exit code 3.*: no compiler found/);
    expect(said).toBe("no compiler found\n");
  });
});
