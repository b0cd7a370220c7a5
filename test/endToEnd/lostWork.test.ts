import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sample, startTestStack, type TestStack, tinyModel } from "../support/localStack.js";
import { natsServer, stackProcesses, standStillOnce, theProcess } from "../support/stackProcesses.js";
import { until } from "../support/until.js";
import { evaluationRunner, standingEvaluation } from "../support/standingEvaluation.js";

// What becomes of work whose message, process or connection is lost.

const trainingRunner = "services/trainer/runner/main.js";
let stack: TestStack;
let dataset: string;

beforeAll(async () => {
  stack = await startTestStack({ STEPWIRE_LEASE_SECONDS: "5", STEPWIRE_STOP_SECONDS: "3", STEPWIRE_STALL_SECONDS: "20" });
  dataset = await importSample(stack);
});
afterAll(() => stack.close());

/** The same rows have the same id on every stack. */
async function importSample({ stepwire }: TestStack): Promise<string> {
  const columns = { text: "text", label: "label" };
  return (await stepwire.datasets.import({ columns, files: [{ split: "train", path: sample("validation") }] })).id;
}

const createJob = (maxSteps: number, on: TestStack = stack) =>
  on.stepwire.jobs.create({
    ...{ model: tinyModel("bert"), dataset: { id: dataset }, optimizer: { name: "sgd" }, maxSteps, batchSize: 4, evaluateEvery: 0 },
  });

/** Throws away every wake-up of one kind. */
async function purgeWork(kind: "training" | "evaluation"): Promise<number> {
  const connection = await connect({ servers: stack.natsUrl, user: stack.natsUser, pass: stack.natsPassword });
  const manager = await jetstreamManager(connection);
  const { purged } = await manager.streams.purge("STEPWIRE_WORK", { filter: `stepwire.v1.*.work.${kind}.*` });
  await connection.close();
  return purged;
}

describe("work whose message is lost", () => {
  /** Creates it while its worker stands still, throws its message away, and kills the worker, which may have had it. */
  async function loseMessageOf<T>(kind: "training" | "evaluation", program: string, create: () => Promise<T>): Promise<T> {
    const worker = await theProcess(stack.dataFolder, program);
    process.kill(worker, "SIGSTOP");
    const work = await create();
    expect(await purgeWork(kind)).toBe(1);
    process.kill(worker, "SIGKILL");
    return work;
  }

  it("is done all the same: a training job", async () => {
    const job = await loseMessageOf("training", "services/trainer/worker/main.js", () => createJob(1));
    expect((await job.result()).steps).toBe(1);
  });

  it("is done all the same: an evaluation", async () => {
    const job = await createJob(1);
    await job.result();
    const evaluation = await loseMessageOf("evaluation", "services/evaluator/worker/main.js", () =>
      stack.stepwire.evaluations.create({ trainingJob: job.id, split: "validation" }),
    );
    expect((await evaluation.result()).metrics?.examples).toBeGreaterThan(0);
  });
});

/** A job in the middle of its work, whose runner stands still. One that ends before its runner was seen is left, and another begun. */
async function hangingJob() {
  for (;;) {
    const job = await createJob(2000);
    let [hasBegun, hasEnded] = [false, false];
    const watching = (async () => {
      for await (const { metric } of job.watch()) hasBegun ||= metric !== undefined;
      hasEnded = true;
    })();
    let runners: number[] = [];
    await until(async () => hasEnded || (runners = await stackProcesses(stack.dataFolder, trainingRunner)).length > 0);
    const [runner] = runners;
    if (runner !== undefined && (await standStillOnce(runner, () => hasBegun))) return { job, watching };
    await watching;
  }
}

it("a runner that hangs is killed, its attempt counts, and the next one does the job", async () => {
  const { job, watching } = await hangingJob();
  expect((await job.result()).steps).toBe(2000);
  await watching;
  // On a machine that is busy enough another one may have been taken for one that hangs.
  expect((await job.get()).attempt).toBeGreaterThanOrEqual(2);
});

describe("without a limit to how long a runner may be silent", () => {
  let patient: TestStack;
  beforeAll(async () => {
    patient = await startTestStack({ STEPWIRE_LEASE_SECONDS: "5", STEPWIRE_STOP_SECONDS: "1" });
    await importSample(patient);
  });
  afterAll(() => patient.close());

  it("a cancelled job whose runner hangs has ended once the runner's time to stop is over", async () => {
    const job = await createJob(1_000_000, patient);
    for await (const event of job.watch()) if (event.metric) break;
    process.kill(await theProcess(patient.dataFolder, trainingRunner), "SIGSTOP");
    await job.cancel();
    await expect(job.result()).rejects.toMatchObject({ code: "CANCELLED" });
    expect(await stackProcesses(patient.dataFolder, trainingRunner)).toEqual([]);
  });

  it("an evaluation's supervisor that is cut off from NATS stops its runner when its lease ends, and the evaluation begins again later", async () => {
    const job = await createJob(1, patient);
    await job.result();
    // Only its supervisor ends its runner: it cannot end by itself.
    const evaluation = await standingEvaluation(patient, job.id);
    const nats = await theProcess(patient.dataFolder, natsServer);
    try {
      process.kill(nats, "SIGSTOP");
      await expect.poll(() => stackProcesses(patient.dataFolder, evaluationRunner)).toEqual([]);
    } finally {
      process.kill(nats, "SIGCONT");
    }
    const { state, attempt } = await evaluation.result();
    expect(state).toBe("SUCCEEDED");
    expect(attempt).toBeGreaterThanOrEqual(2);
  });
});
