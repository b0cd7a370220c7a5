import { setTimeout as sleep } from "node:timers/promises";
import { jetstreamManager } from "@nats-io/jetstream";
import type { MetricPointInput, TrainingEvent } from "@stepwire/proto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openJobStream, type DropReason, type JobStream } from "#platform/jobStream.js";
import { gate } from "../support/gate.js";
import { waitMs } from "../support/limits.js";
import { startTestBroker, type TestBroker } from "./testBroker.js";

const tenant = "default";
let broker: TestBroker;

beforeAll(async () => {
  broker = await startTestBroker();
});
afterAll(() => broker.remove());

const point = (job: string, step: number, attempt = 1, uid = `${job}-uid`): MetricPointInput => ({
  uid,
  job,
  attempt,
  step,
  kind: "METRIC_KIND_TRAIN",
  loss: 1 / step,
});
const open = async (options?: Parameters<typeof openJobStream>[1]): Promise<JobStream> => openJobStream(await broker.connect(), options);

/** Reads until `count` events other than heartbeats came. */
async function take(
  stream: JobStream,
  job: string,
  count: number,
  token?: string,
  uid = `${job}-uid`,
  onEvent = (): void => undefined,
): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  const controller = new AbortController();
  for await (const event of stream.read(tenant, job, uid, token, controller.signal)) {
    if (!event.heartbeat) events.push(event);
    onEvent();
    if (events.length === count) break;
  }
  return events;
}

const steps = (events: TrainingEvent[]) => events.flatMap(({ metric }) => (metric ? [metric.step] : []));
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

it("replays to a late reader and goes on live, in order over both subjects, from any token", async () => {
  const stream = await open();
  await stream.publishEvent(
    tenant,
    { uid: "order-uid", job: "order", attempt_started: { attempt: 1, from_step: 1 } },
    "1:0:attempt-started",
  );
  for (const step of range(1, 100)) {
    void stream.publishMetric(tenant, point("order", step));
    if (step === 50) void stream.publishEvent(tenant, { uid: "order-uid", job: "order", checkpoint_saved: { step } }, "1:50:checkpoint");
  }
  const begun = gate();
  const late = take(stream, "order", 152, undefined, undefined, begun.open);
  await begun.opened;
  for (const step of range(101, 150)) void stream.publishMetric(tenant, point("order", step));
  const events = await late;
  expect(steps(events)).toEqual(range(1, 150));
  expect(events[0]?.event).toBe("attempt_started");
  expect(events[51]?.event).toBe("checkpoint_saved");
  for (const cut of [0, 51, 120]) {
    const rest = await take(stream, "order", 151 - cut, events[cut]?.resume_token);
    expect(rest).toEqual(events.slice(cut + 1));
  }
});

it("carries NaN, infinities and maps of them", async () => {
  const stream = await open();
  await stream.publishMetric(tenant, {
    ...point("nan", 1),
    loss: Number.NaN,
    grad_norm: Number.POSITIVE_INFINITY,
    optimizer_scalars: { ratio: Number.NaN },
  });
  const [event] = await take(stream, "nan", 1);
  expect(event?.metric).toMatchObject({ loss: Number.NaN, grad_norm: Number.POSITIVE_INFINITY, optimizer_scalars: { ratio: Number.NaN } });
  expect(event?.metric).not.toHaveProperty("accuracy");
});

it("skips the events of another job of the same id", async () => {
  const stream = await open();
  await stream.publishMetric(tenant, point("again", 1, 1, "old"));
  await stream.publishMetric(tenant, point("again", 1, 1, "new"));
  expect((await take(stream, "again", 1, undefined, "new"))[0]?.uid).toBe("new");
});

it("refuses a resume token that is not one of its own", async () => {
  const stream = await open();
  await stream.publishMetric(tenant, point("tokens", 1));
  const own = (await take(stream, "tokens", 1))[0]?.resume_token ?? "";
  for (const token of ["x", "-1", "1.5", "0", "17", own.replace(/^\d+/, "0"), own.replace(/^\d+/, "999999999"), `${own}.`, `${own}x`]) {
    await expect(take(stream, "tokens", 1, token)).rejects.toMatchObject({
      reason: "INVALID_RESUME_TOKEN",
      violations: [{ field: "resume_token" }],
    });
  }
});

it("refuses a resume token of another job, also of one that had the same id", async () => {
  const stream = await open();
  await stream.publishMetric(tenant, point("mine", 1));
  await stream.publishMetric(tenant, point("yours", 1));
  const token = (await take(stream, "yours", 1))[0]?.resume_token;
  for (const [job, uid] of [
    ["mine", "mine-uid"],
    ["yours", "another-uid"],
  ] as const)
    await expect(take(stream, job, 1, token, uid)).rejects.toMatchObject({
      code: 3,
      reason: "INVALID_RESUME_TOKEN",
      message: expect.stringContaining("of another job"),
      violations: [{ field: "resume_token" }],
    });
});

it("skips a late point of an earlier attempt also for a reader who goes on after the later one started", async () => {
  const [old, stream] = [await open(), await open()];
  const started = { uid: "void-uid", job: "void", attempt_started: { attempt: 2, from_step: 1 } };
  await old.publishMetric(tenant, point("void", 1, 1));
  await stream.publishEvent(tenant, started, "2:0:attempt-started");
  await old.publishMetric(tenant, point("void", 2, 1));
  await stream.publishMetric(tenant, point("void", 1, 2));
  const events = await take(stream, "void", 3);
  expect(events.map(({ metric }) => metric && [metric.attempt, metric.step])).toEqual([[1, 1], undefined, [2, 1]]);
  expect(await take(stream, "void", 1, events[1]?.resume_token)).toEqual(events.slice(2));
});

it("says at once when a reader has caught up", async () => {
  const stream = await open({ heartbeatMs: 3_600_000 });
  for (const step of [1, 2]) await stream.publishMetric(tenant, point("caught", step));
  const read = async (token?: string) => {
    const seen: TrainingEvent[] = [];
    for await (const event of stream.read(tenant, "caught", "caught-uid", token, new AbortController().signal)) {
      seen.push(event);
      if (event.heartbeat) return seen;
    }
    return [];
  };
  const events = await read();
  expect(events.map(({ event }) => event)).toEqual(["metric", "metric", "heartbeat"]);
  expect(await read(events[1]?.resume_token)).toMatchObject([{ event: "heartbeat", resume_token: events[1]?.resume_token }]);
});

it("gives heartbeats while there is no news, and ends when its signal is aborted", async () => {
  const stream = await open({ heartbeatMs: 100 });
  const controller = new AbortController();
  const seen: TrainingEvent[] = [];
  for await (const event of stream.read(tenant, "quiet", "uid", undefined, controller.signal)) {
    seen.push(event);
    if (seen.length === 3) controller.abort();
  }
  expect(seen.map(({ event }) => event)).toEqual(["heartbeat", "heartbeat", "heartbeat"]);
});

it("sets identity, schema and trace context as headers", async () => {
  const stream = await open();
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  await stream.publishMetric(tenant, point("headers", 7), traceparent);
  const manager = await jetstreamManager(await broker.connect());
  const stored = await manager.streams.getMessage("STEPWIRE_JOBS", { last_by_subj: "stepwire.v1.default.jobs.headers.metrics" });
  expect(stored?.header.get("Nats-Msg-Id")).toBe("headers-uid:1:7:train");
  expect(stored?.header.get("Stepwire-Schema")).toBe("stepwire.v1.MetricPoint");
  expect(stored?.header.get("traceparent")).toBe(traceparent);
  expect(stored?.json<{ loss: number }>().loss).toBeCloseTo(1 / 7, 15);
});

it("stores every point once and in order while the server is killed and restarted again and again", async () => {
  const stream = await open();
  const reading = take(stream, "kill", 600);
  for (const step of range(1, 600)) {
    // Publishing waits for nobody: there is no server when half of the points are made, and it comes back only after.
    void stream.publishMetric(tenant, point("kill", step));
    if (step % 200 === 80) await broker.kill();
    if (step % 200 === 180) await broker.start();
    await sleep(5);
  }
  expect(await stream.flush(waitMs)).toBe(true);
  expect(steps(await reading)).toEqual(range(1, 600));
  const again = await take(await open(), "kill", 600);
  expect(steps(again)).toEqual(range(1, 600));
});

it("publishes nothing more for a worker whose job another one took over", async () => {
  const dropped: [string, DropReason][] = [];
  const zombie = await open({ onDrop: ({ messageId }, reason) => dropped.push([messageId, reason]) });
  const owner = await open();
  await zombie.publishMetric(tenant, point("fence", 1, 1));
  await owner.publishEvent(
    tenant,
    { uid: "fence-uid", job: "fence", attempt_started: { attempt: 2, from_step: 1 } },
    "2:0:attempt-started",
  );
  await owner.publishMetric(tenant, point("fence", 1, 2));
  await zombie.publishMetric(tenant, point("fence", 2, 1));
  await owner.publishMetric(tenant, point("fence", 2, 2));
  expect(dropped).toEqual([["fence-uid:1:2:train", "another worker took over"]]);
  const laterZombie = await open({ onDrop: ({ messageId }, reason) => dropped.push([messageId, reason]) });
  await laterZombie.publishMetric(tenant, point("fence", 3, 1));
  expect(dropped.at(-1)).toEqual(["fence-uid:1:3:train", "another worker took over"]);
  const metrics = (await take(owner, "fence", 4)).map(({ metric }) => metric && [metric.attempt, metric.step]);
  expect(metrics).toEqual([[1, 1], undefined, [2, 1], [2, 2]]);
});

it("goes on after the stream dropped what it last knew of, and after a message that is too large", async () => {
  const dropped: DropReason[] = [];
  const stream = await open({ onDrop: (_message, reason) => dropped.push(reason) });
  await stream.publishMetric(tenant, point("purged", 1));
  const manager = await jetstreamManager(await broker.connect());
  await manager.streams.purge("STEPWIRE_JOBS", { filter: "stepwire.v1.default.jobs.purged.metrics" });
  await stream.publishMetric(tenant, point("purged", 2));
  const log = { level: "info", message: "x".repeat(2_000_000) };
  await stream.publishEvent(tenant, { uid: "purged-uid", job: "purged", log }, "1:2:log-1");
  await stream.publishMetric(tenant, point("purged", 3));
  expect(steps(await take(stream, "purged", 2))).toEqual([2, 3]);
  expect(dropped).toEqual(["too large"]);
});
