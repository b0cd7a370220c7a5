import type { ServiceError } from "@grpc/grpc-js";
import type { TrainingEvent, WatchTrainingJobRequest } from "@stepwire/proto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { publishState } from "#trainer/publishState.js";
import { startTestBroker, type TestBroker } from "./testBroker.js";
import { jobRecord, startTrainerAt } from "./trainerAt.js";

let broker: TestBroker;
let trainer: Awaited<ReturnType<typeof startTrainerAt>>;

beforeAll(async () => {
  broker = await startTestBroker();
  // Nothing that these tests expect may wait for a heartbeat.
  trainer = await startTrainerAt(broker, { heartbeatMs: 3_600_000 });
});
afterAll(async () => {
  await trainer.close();
  await broker.remove();
});

/** The events up to the watch's end, without heartbeats. */
async function watch(id: string, resume_token = ""): Promise<TrainingEvent[]> {
  const request: WatchTrainingJobRequest = { id, resume_token };
  const events: TrainingEvent[] = [];
  for await (const event of trainer.client.WatchTrainingJob(request) as AsyncIterable<TrainingEvent>)
    if (!event.heartbeat) events.push(event);
  return events;
}

/** A job that ran one step and succeeded; its end was told to watchers or not. */
async function endedJob(id: string, isTold: boolean): Promise<void> {
  const { jobs, stream } = trainer.parts;
  const job = jobRecord(id, { state: "SUCCEEDED", attempt: 1, endTime: new Date().toISOString() });
  await jobs.create("default", job);
  await stream.publishMetric("default", { uid: job.uid, job: id, attempt: 1, step: 1, kind: "METRIC_KIND_TRAIN" });
  if (isTold) await publishState(stream, job);
}

const kinds = (events: TrainingEvent[]) => events.map(({ event }) => event);

it("ends at once for a job that has ended, from the beginning and from every token, the last one included", async () => {
  await endedJob("ended", true);
  const events = await watch("ended");
  expect(kinds(events)).toEqual(["metric", "state_change"]);
  expect(await watch("ended", events[0]?.resume_token)).toEqual(events.slice(1));
  const [again, ...rest] = await watch("ended", events[1]?.resume_token);
  expect(again).toMatchObject({ state_change: { state: "TRAINING_JOB_STATE_SUCCEEDED" }, resume_token: events[1]?.resume_token });
  expect(rest).toEqual([]);
});

it("ends at once for a job whose supervisor died before it could tell that it had ended", async () => {
  await endedJob("untold", false);
  const events = await watch("untold");
  expect(kinds(events)).toEqual(["metric", "state_change"]);
  expect(kinds(await watch("untold", events[1]?.resume_token))).toEqual(["state_change"]);
});

it("refuses a token of another job and a malformed one, naming the field", async () => {
  await endedJob("mine", true);
  await endedJob("yours", true);
  const [theirs] = await watch("yours");
  const [own] = await watch("mine");
  const ahead = own?.resume_token.replace(/\.\d+\./, ".999999999.");
  for (const token of [theirs?.resume_token, ahead, "12", "nonsense", "-1", "x".repeat(5000)]) {
    const error = await watch("mine", token).catch((error: unknown) => error as ServiceError);
    expect(error).toMatchObject({ code: 3, details: expect.stringContaining("resume_token") });
  }
});
