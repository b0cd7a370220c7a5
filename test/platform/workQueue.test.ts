import { getEventListeners } from "node:events";
import { AckPolicy, jetstreamManager, RetentionPolicy } from "@nats-io/jetstream";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openWorkQueue, type WorkMessage } from "#platform/workQueue.js";
import { gate } from "../support/gate.js";
import { startTestBroker, type TestBroker } from "./testBroker.js";

// One for each test: a request for a message that a test leaves behind would take another's.
let broker: TestBroker;
beforeEach(async () => {
  broker = await startTestBroker();
});
afterEach(() => broker.remove());

it("hands each message to one idle worker, one at a time", async () => {
  const queues = [await openWorkQueue(await broker.connect(), "training"), await openWorkQueue(await broker.connect(), "training")];
  const other = await openWorkQueue(await broker.connect(), "evaluation");
  const controller = new AbortController();
  const seen: string[] = [];
  const othersSeen = gate();
  let busy = 0;
  const handler = async ({ id, uid, tenant, traceparent, redeliveries }: WorkMessage) => {
    expect({ uid, tenant, traceparent, redeliveries }).toEqual({ uid: `${id}-uid`, tenant: "default", traceparent: "tp", redeliveries: 0 });
    busy++;
    seen.push(id);
    expect(busy).toBeLessThanOrEqual(2);
    // The first worker stays busy: the other one must be given everything else.
    if (id === "0") await othersSeen.opened;
    busy--;
    return "done" as const;
  };
  for (let n = 0; n < 10; n++) await queues[0]?.enqueue("default", String(n), `${n}-uid`, "tp");
  const consuming = queues.map((queue) => queue.consume(controller.signal, handler));
  const wrong = other.consume(controller.signal, async () => {
    seen.push("wrong queue");
    return "done";
  });
  await expect.poll(() => seen.length).toBe(10);
  othersSeen.open();
  await expect.poll(() => queues[0]?.waiting("default")).toEqual(new Set());
  controller.abort();
  await Promise.all([...consuming, wrong]);
  expect(seen.toSorted()).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
});

it("hands a message out again when its handler asks for that, throws, or the server is restarted", async () => {
  const queue = await openWorkQueue(await broker.connect(), "training");
  const controller = new AbortController();
  const seen: string[] = [];
  const consuming = queue.consume(controller.signal, async ({ id }) => {
    seen.push(id);
    const times = seen.filter((other) => other === id).length;
    if (times === 1) return { retryInMs: 100 };
    if (id === "throws" && times === 2) throw new Error("a handler's fault");
    return "done";
  });
  await queue.enqueue("default", "retry", "retry-uid");
  await queue.enqueue("default", "throws", "throws-uid");
  await expect.poll(() => seen.toSorted()).toEqual(["retry", "retry", "throws", "throws", "throws"]);
  // The server has heard that all was done.
  await expect.poll(() => queue.waiting("default")).toEqual(new Set());
  await broker.kill();
  await broker.start();
  await queue.enqueue("default", "later", "later-uid");
  await expect.poll(() => seen.slice(5)).toEqual(["later", "later"]);
  controller.abort();
  await consuming;
});

it("holds one message of a record, however often its wake-up is sent, also while a worker has it", async () => {
  const queue = await openWorkQueue(await broker.connect(), "evaluation");
  for (let n = 0; n < 3; n++) await queue.enqueue("default", "once", "once-uid");
  await queue.enqueue("default", "other", "other-uid");
  expect(await queue.waiting("default")).toEqual(new Set(["once-uid", "other-uid"]));
  const controller = new AbortController();
  const seen: string[] = [];
  const consuming = queue.consume(controller.signal, async ({ id }) => {
    seen.push(id);
    if (id === "once") await queue.enqueue("default", "once", "once-uid");
    return "done";
  });
  await expect.poll(() => queue.waiting("default")).toEqual(new Set());
  // The queue gives what it holds in order: what comes after the last one shows that there was no other.
  await queue.enqueue("default", "last", "last-uid");
  await expect.poll(() => seen).toContain("last");
  expect(seen.toSorted()).toEqual(["last", "once", "other"]);
  // What was done may be sent again.
  await queue.enqueue("default", "once", "once-uid");
  await expect.poll(() => seen).toHaveLength(4);
  controller.abort();
  await consuming;
});

it("takes over the queue of an earlier version", async () => {
  const manager = await jetstreamManager(await broker.connect());
  const subjects = ["stepwire.v1.*.work.training", "stepwire.v1.*.work.evaluation"];
  await manager.streams.add({ name: "STEPWIRE_WORK", subjects, retention: RetentionPolicy.Workqueue });
  const durable = { durable_name: "training", filter_subject: "stepwire.v1.*.work.training", ack_policy: AckPolicy.Explicit };
  await manager.consumers.add("STEPWIRE_WORK", durable);
  const queue = await openWorkQueue(await broker.connect(), "training");
  await queue.enqueue("default", "new", "new-uid");
  const controller = new AbortController();
  const seen: string[] = [];
  const consuming = queue.consume(controller.signal, async ({ id }) => {
    seen.push(id);
    return "done";
  });
  await expect.poll(() => seen).toEqual(["new"]);
  controller.abort();
  await consuming;
});

it("keeps no listener of its signal while it waits for messages", async () => {
  const queue = await openWorkQueue(await broker.connect(), "evaluation");
  const controller = new AbortController();
  const connection = await broker.connect();
  const asked = connection.subscribe("$JS.API.CONSUMER.MSG.NEXT.>");
  await connection.flush();
  const consuming = queue.consume(controller.signal, async () => "done");
  // It asks for a message again and again.
  let times = 0;
  for await (const _question of asked) if (++times === 4) break;
  expect(getEventListeners(controller.signal, "abort").length).toBeLessThanOrEqual(1);
  controller.abort();
  await consuming;
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});
