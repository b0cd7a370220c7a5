import { setTimeout as sleep } from "node:timers/promises";
import { jetstreamManager } from "@nats-io/jetstream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startSweeper, type WaitingRecord } from "#platform/sweeper.js";
import { openWorkQueue } from "#platform/workQueue.js";
import { startTestBroker, type TestBroker } from "./testBroker.js";

let broker: TestBroker;

beforeAll(async () => {
  broker = await startTestBroker();
});
afterAll(() => broker.remove());

const record = (id: string): WaitingRecord => ({ tenant: "default", id, uid: `${id}-uid`, traceparent: `${id}-tp` });

it("sends the messages that waiting records have lost, once however many sweep, and no others", async () => {
  const records = ["lost", "kept", "new"].map(record);
  const queues = [await openWorkQueue(await broker.connect(), "training"), await openWorkQueue(await broker.connect(), "training")];
  const [queue] = queues;
  if (!queue) throw new Error("no queue");
  for (const { id, uid } of records.slice(0, 2)) await queue.enqueue("default", id, uid, `${id}-tp`);
  const manager = await jetstreamManager(await broker.connect());
  await manager.streams.purge("STEPWIRE_WORK", { filter: "stepwire.v1.default.work.training.lost-uid" });
  expect(await queue.waiting("default")).toEqual(new Set(["kept-uid"]));

  const errors: unknown[] = [];
  let looked = 0;
  const waiting = () => {
    looked++;
    return records;
  };
  const stops = queues.map((queue) => startSweeper({ queue, waiting, intervalMs: 20, onError: (error) => errors.push(error) }));
  await expect.poll(() => queue.waiting("default")).toEqual(new Set(["lost-uid", "kept-uid", "new-uid"]));
  // Both have looked several times more.
  const sofar = looked;
  await expect.poll(() => looked).toBeGreaterThan(sofar + 6);
  const { state } = await manager.streams.info("STEPWIRE_WORK", { subjects_filter: "stepwire.v1.default.work.training.*" });
  expect(Object.values(state.subjects ?? {})).toEqual([1, 1, 1]);

  // One that a worker has is not sent again either.
  const controller = new AbortController();
  const seen: string[] = [];
  const consuming = queue.consume(controller.signal, async ({ id, traceparent }) => {
    expect(traceparent).toBe(`${id}-tp`);
    seen.push(id);
    const before = looked;
    await expect.poll(() => looked).toBeGreaterThan(before + 4);
    records.splice(
      records.findIndex((waiting) => waiting.id === id),
      1,
    );
    return "done";
  });
  await expect.poll(() => records.length).toBe(0);
  stops.forEach((stop) => stop());
  controller.abort();
  await consuming;
  expect(seen.toSorted()).toEqual(["kept", "lost", "new"]);
  expect(errors).toEqual([]);
});

it("goes on after NATS was away, and stops when told", async () => {
  const queue = await openWorkQueue(await broker.connect(), "evaluation");
  const errors: unknown[] = [];
  let asked = 0;
  const waiting = () => {
    asked++;
    return [record("patient")];
  };
  await broker.kill();
  const stop = startSweeper({ queue, waiting, intervalMs: 20, onError: (error) => errors.push(error) });
  await expect.poll(() => errors.length).toBeGreaterThan(0);
  await broker.start();
  await expect.poll(() => queue.waiting("default").catch(() => undefined)).toEqual(new Set(["patient-uid"]));
  stop();
  const sofar = asked;
  // Ten times as long as it waits between two looks at the most.
  await sleep(300);
  expect(asked).toBe(sofar);
});
