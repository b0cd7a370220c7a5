import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { miniLM, sample, startTestStack, type TestStack } from "../support/localStack.js";

// What becomes of work whose message, process or connection is lost.

const run = promisify(execFile);
let stack: TestStack;
let dataset: string;

beforeAll(async () => {
  stack = await startTestStack({ STEPWIRE_LEASE_SECONDS: "3", STEPWIRE_STOP_SECONDS: "3", STEPWIRE_STALL_SECONDS: "12" });
  const columns = { text: "text", label: "label" };
  ({ id: dataset } = await stack.stepwire.datasets.import({ columns, files: [{ split: "train", path: sample("validation") }] }));
});
afterAll(() => stack.close());

const createJob = (maxSteps: number) =>
  stack.stepwire.jobs.create({ model: miniLM(), dataset: { id: dataset }, optimizer: { name: "sgd" }, maxSteps, batchSize: 4 });

interface Process {
  pid: number;
  command: string;
}

/** This test's own processes, by what their command lines hold. */
async function processes(text: string): Promise<Process[]> {
  const { stdout } = await run("ps", ["-eo", "pid=,ppid=,args="]);
  const all = stdout
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .flatMap((match) => (match ? [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3] ?? "" }] : []));
  const own = new Set([process.pid]);
  for (let size = 0; size !== own.size;) {
    size = own.size;
    for (const { pid, parent } of all) if (own.has(parent)) own.add(pid);
  }
  return all.filter(({ pid, command }) => own.has(pid) && command.includes(text));
}

async function theProcess(text: string): Promise<number> {
  await expect.poll(async () => (await processes(text)).length, { timeout: 20_000 }).toBe(1);
  return (await processes(text))[0]?.pid ?? 0;
}

/** Throws away every wake-up of one kind. */
async function purgeWork(kind: "training" | "evaluation"): Promise<number> {
  const connection = await connect({ servers: stack.natsUrl, user: stack.natsUser, pass: stack.natsPassword });
  const manager = await jetstreamManager(connection);
  const { purged } = await manager.streams.purge("STEPWIRE_WORK", { filter: `stepwire.v1.*.work.${kind}.*` });
  await connection.close();
  return purged;
}

describe("work whose message is lost", () => {
  it("is done all the same: a training job", async () => {
    // Nobody is there to take the message before it is thrown away.
    process.kill(await theProcess("services/trainer/worker/main.js"), "SIGKILL");
    const job = await createJob(1);
    expect(await purgeWork("training")).toBe(1);
    expect((await job.result()).steps).toBe(1);
  });

  it("is done all the same: an evaluation", async () => {
    const job = await createJob(1);
    await job.result();
    process.kill(await theProcess("services/evaluator/worker/main.js"), "SIGKILL");
    const evaluation = await stack.stepwire.evaluations.create({ trainingJob: job.id, split: "validation" });
    expect(await purgeWork("evaluation")).toBe(1);
    expect((await evaluation.result()).metrics?.examples).toBeGreaterThan(0);
  });
});

it("a runner that hangs is killed, its attempt counts, and the next one does the job", async () => {
  const job = await createJob(40);
  for await (const event of job.watch()) if (event.metric) break;
  process.kill(await theProcess("services/trainer/runner/main.js"), "SIGSTOP");
  expect((await job.result()).steps).toBe(40);
  expect((await job.get()).attempt).toBe(2);
});

it("a cancelled job whose runner hangs has ended once the runner's time to stop is over", async () => {
  const job = await createJob(1000);
  for await (const event of job.watch()) if (event.metric) break;
  const runner = await theProcess("services/trainer/runner/main.js");
  process.kill(runner, "SIGSTOP");
  const asked = performance.now();
  await job.cancel();
  await expect(job.result()).rejects.toMatchObject({ code: "CANCELLED" });
  expect(performance.now() - asked).toBeLessThan(6000);
  expect(await processes("services/trainer/runner/main.js")).toEqual([]);
});

it("an evaluation's supervisor that is cut off from NATS stops its runner when its lease ends, and the evaluation begins again later", async () => {
  const row = (n: number) => `"a message of some length about order ${n}, late by ${n % 9} days",${n % 2 ? "late" : "fine"}`;
  const splits = { train: 8, validation: 8, test: 30_000 };
  let next = 0;
  const files = await Promise.all(
    Object.entries(splits).map(async ([split, rows]) => {
      const path = join(stack.folder, `${split}.csv`);
      await writeFile(path, ["text,label", ...Array.from({ length: rows }, () => row(next++)), ""].join("\n"));
      return { split, path };
    }),
  );
  const { id } = await stack.stepwire.datasets.import({ columns: { text: "text", label: "label" }, files });
  const job = await stack.stepwire.jobs.create({ model: miniLM(), dataset: { id }, optimizer: { name: "sgd" }, maxSteps: 1, batchSize: 4 });
  await job.result();
  const evaluation = await stack.stepwire.evaluations.create({ trainingJob: job.id, split: "test" });
  await theProcess("services/evaluator/runner/main.js");
  const nats = (await processes("nats-server -c")).map(({ pid }) => pid);
  try {
    for (const pid of nats) process.kill(pid, "SIGSTOP");
    const frozen = performance.now();
    await expect.poll(() => processes("services/evaluator/runner/main.js"), { timeout: 8000 }).toEqual([]);
    expect(performance.now() - frozen).toBeLessThan(5000);
  } finally {
    for (const pid of nats) process.kill(pid, "SIGCONT");
  }
  await theProcess("services/evaluator/runner/main.js");
  await expect.poll(async () => (await evaluation.get()).attempt, { timeout: 20_000 }).toBe(2);
});
