import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceError } from "@grpc/grpc-js";
import { decodeStatusDetails } from "@stepwire/proto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestBroker, type TestBroker } from "./testBroker.js";
import { jobRecord, startTrainerAt } from "./trainerAt.js";

// What callers are told while NATS is away.

let broker: TestBroker;
let trainer: Awaited<ReturnType<typeof startTrainerAt>>;

beforeAll(async () => {
  broker = await startTestBroker();
  trainer = await startTrainerAt(broker);
  await trainer.parts.jobs.create("default", jobRecord("job"));
});
afterAll(async () => {
  await trainer.close();
  await broker.remove();
});

type Method = "GetTrainingJob" | "CancelTrainingJob";

function call(method: Method, id = "job", asked = trainer): Promise<{ id: string }> {
  return new Promise((resolve, reject) =>
    asked.client[method]({ id }, (error: ServiceError | null, job?: { id: string }) =>
      error ? reject(error) : resolve(job ?? { id: "" }),
    ),
  );
}

function list(): Promise<string[]> {
  return new Promise((resolve, reject) =>
    trainer.client.ListTrainingJobs({}, (error, page) => (error ? reject(error) : resolve(page?.training_jobs.map(({ id }) => id) ?? []))),
  );
}

async function expectUnavailable(answer: Promise<unknown>): Promise<void> {
  const error = (await answer.then(
    () => undefined,
    (error: unknown) => error,
  )) as ServiceError | undefined;
  expect(error).toMatchObject({ code: 14, details: expect.stringContaining("try again") });
  const [details] = error?.metadata.get("grpc-status-details-bin") ?? [];
  expect(decodeStatusDetails(details as Buffer)).toMatchObject({ reason: "NATS_UNAVAILABLE" });
}

/** After a restart clients take a moment to connect again. */
async function expectBack(): Promise<void> {
  await expect.poll(() => call("GetTrainingJob").catch(() => undefined)).toMatchObject({ id: "job" });
}

it("answers UNAVAILABLE, with a reason, for what needs NATS, and still lists what it knows", async () => {
  expect(await call("GetTrainingJob")).toMatchObject({ id: "job" });
  const known = await list();
  expect(known).toContain("job");
  await broker.kill();
  await Promise.all([expectUnavailable(call("GetTrainingJob")), expectUnavailable(call("CancelTrainingJob"))]);
  expect(await list()).toEqual(known);
  await broker.start();
  await expectBack();
});

it("answers UNAVAILABLE when NATS is killed in the middle of a call", async () => {
  await broker.freeze();
  const calls = [expectUnavailable(call("GetTrainingJob")), expectUnavailable(call("CancelTrainingJob"))];
  await sleep(500);
  await broker.kill();
  await Promise.all(calls);
  await broker.start();
  await expectBack();
});

it("cancels once NATS is back, and keeps what it answered", async () => {
  await trainer.parts.jobs.create("default", jobRecord("later"));
  await broker.kill();
  await broker.start();
  await expectBack();
  expect(await call("CancelTrainingJob", "later")).toMatchObject({ id: "later", state: "TRAINING_JOB_STATE_CANCELLED" });
  expect((await trainer.parts.jobs.get("default", "later"))?.record.state).toBe("CANCELLED");
});

it("answers UNAVAILABLE while its connection drains, and once it is closed", async () => {
  const leaving = await startTrainerAt(broker);
  const draining = leaving.connection.drain();
  await expectUnavailable(call("GetTrainingJob", "job", leaving));
  await draining;
  await expectUnavailable(call("GetTrainingJob", "job", leaving));
  await leaving.close();
});
