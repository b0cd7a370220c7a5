import { mkdir } from "node:fs/promises";
import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import { newLease } from "#platform/lease.js";
import { createLogger } from "#platform/logger.js";
import { holdJob } from "#trainer/worker/holdJob.js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestBroker, type TestBroker } from "./testBroker.js";
import { jobRecord, startTrainerAt } from "./trainerAt.js";

let broker: TestBroker;
let trainer: Awaited<ReturnType<typeof startTrainerAt>>;

beforeAll(async () => {
  broker = await startTestBroker();
  trainer = await startTrainerAt(broker);
});
afterAll(async () => {
  await trainer.close();
  await broker.remove();
});

function cancel(id: string): Promise<unknown> {
  return new Promise((resolve, reject) =>
    trainer.client.CancelTrainingJob({ id }, (error, job) => (error ? reject(error) : resolve(job?.state))),
  );
}

/** A job as its supervisor has claimed it. */
async function claimedJob(id: string, leaseSeconds: number): Promise<TrainingJobRecord> {
  const job = jobRecord(id, { state: "RUNNING", attempt: 1, lease: newLease({ owner: "worker", leaseSeconds }) });
  await trainer.parts.jobs.create("default", job);
  return job;
}

function hold(claimed: TrainingJobRecord, leaseSeconds: number) {
  const settings = { models: { roots: [], shipped: "" }, hubCache: "", owner: "worker", leaseSeconds, stopSeconds: 1, stallSeconds: 60 };
  const parts = { ...trainer.parts, ...settings, logger: createLogger("test", "silent") };
  return holdJob(parts, claimed, () => ({}));
}

it("ends a job at once that nobody works on, queued or left behind by a supervisor that died", async () => {
  await trainer.parts.jobs.create("default", jobRecord("queued"));
  expect(await cancel("queued")).toBe("TRAINING_JOB_STATE_CANCELLED");
  // Its lease has ended already.
  const { uid } = await claimedJob("orphan", -1);
  const attempt = trainer.parts.artifacts.path("default", "jobs", uid, "attempt-1");
  await mkdir(attempt, { recursive: true });
  expect(await cancel("orphan")).toBe("TRAINING_JOB_STATE_CANCELLED");
  expect(await cancel("orphan")).toBe("TRAINING_JOB_STATE_CANCELLED");
  expect(await trainer.parts.artifacts.exists("default", "jobs", uid)).toBe(false);
});

it("tells the supervisor of a job long before it would renew its lease", async () => {
  // The next renewal comes after this test would be given up.
  const held = hold(await claimedJob("held", 3600), 3600);
  expect(await cancel("held")).toBe("TRAINING_JOB_STATE_CANCELLING");
  await expect.poll(() => held.cancelled.aborted).toBe(true);
  expect(held.lost.aborted).toBe(false);
  held.release();
});

it("takes a job out of the hands of a supervisor once another has claimed it, or it has ended", async () => {
  const [taken, ended] = [await claimedJob("taken", 3600), await claimedJob("over", 3600)];
  const hands = [hold(taken, 3600), hold(ended, 3600)];
  await trainer.parts.jobs.change("default", "taken", (job) => ({ ...job, attempt: 2 }));
  await trainer.parts.jobs.change("default", "over", (job) => ({ ...job, state: "CANCELLED" }));
  await expect.poll(() => hands.map(({ lost }) => lost.aborted)).toEqual([true, true]);
  for (const held of hands) held.release();
});
