import { jetstreamManager } from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openExpiringStore } from "#platform/expiringStore.js";
import { openRecordStore, RecordExists } from "#platform/recordStore.js";
import { startTestBroker, type TestBroker } from "./testBroker.js";

interface Remark {
  id: string;
  loss: number;
}

let broker: TestBroker;

beforeAll(async () => {
  broker = await startTestBroker();
});
afterAll(() => broker.remove());

it("keeps a record, NaN included, by tenant and id, and refuses a second one", async () => {
  const store = await openExpiringStore<Remark>(await broker.connect(), "remarks", 60_000);
  await store.create("default", { id: "a", loss: Number.NaN });
  await expect(store.create("default", { id: "a", loss: 1 })).rejects.toThrow(RecordExists);
  expect(await store.get("default", "a")).toEqual({ id: "a", loss: Number.NaN });
  expect(await store.get("other", "a")).toBeUndefined();
  expect(await store.get("default", "b")).toBeUndefined();
  expect(await store.get("default", "a.b")).toBeUndefined();
  await expect(store.create("default", { id: "*", loss: 1 })).rejects.toThrow("cannot be part");
});

it("forgets a record after its time, and lets its id be used again", async () => {
  const store = await openExpiringStore<Remark>(await broker.connect(), "short", 1000);
  await store.create("default", { id: "a", loss: 1 });
  await expect.poll(() => store.get("default", "a")).toBeUndefined();
  // On a slow machine the second one may be forgotten, too, before it is read.
  const createAndRead = async () => {
    await store.create("default", { id: "a", loss: 2 }).catch((error: unknown) => expect(error).toBeInstanceOf(RecordExists));
    return (await store.get("default", "a"))?.loss;
  };
  await expect.poll(createAndRead).toBe(2);
});

it("gives a bucket that was made without a time its time, and keeps what is in it", async () => {
  const earlier = await openRecordStore<Remark & { createTime: string }>(await broker.connect(), "earlier");
  await earlier.create("default", { id: "a", loss: 1, createTime: "2026-01-01T00:00:00.000Z" });
  await earlier.close();
  const store = await openExpiringStore<Remark>(await broker.connect(), "earlier", 3_600_000);
  expect((await store.get("default", "a"))?.loss).toBe(1);
  const manager = await jetstreamManager(await broker.connect());
  expect((await manager.streams.info("KV_earlier")).config.max_age).toBe(nanos(3_600_000));
});
