import { afterAll, beforeAll, expect, it } from "vitest";
import { openRecordStore, RecordExists, RevisionConflict, type RecordStore } from "#platform/recordStore.js";
import { gate } from "../support/gate.js";
import { startTestBroker, type TestBroker } from "./testBroker.js";

interface Counter {
  id: string;
  createTime: string;
  count: number;
  even?: boolean;
}

const tenant = "default";
let broker: TestBroker;
let bucket = 0;

beforeAll(async () => {
  broker = await startTestBroker();
});
afterAll(() => broker.remove());

const counter = (id: string, count = 0): Counter => ({
  id,
  createTime: new Date(Date.UTC(2026, 0, 1) + count * 1000).toISOString(),
  count,
});
const open = async (name = `test-${++bucket}`): Promise<RecordStore<Counter>> => openRecordStore<Counter>(await broker.connect(), name);

it("keeps a record, NaN included, and refuses a second one of its id", async () => {
  const store = await open();
  const revision = await store.create(tenant, counter("a", 0));
  const changed = await store.update(tenant, { ...counter("a"), count: Number.NaN }, revision);
  expect(await store.get(tenant, "a")).toEqual({ record: { ...counter("a"), count: Number.NaN }, revision: changed });
  await expect(store.create(tenant, counter("a"))).rejects.toThrow(RecordExists);
  await expect(store.update(tenant, counter("a"), revision)).rejects.toThrow(RevisionConflict);
  expect(await store.get(tenant, "b")).toBeUndefined();
  expect(await store.get("other", "a")).toBeUndefined();
});

it("loses no change when several processes change one record at once", async () => {
  const stores = [await open("race"), await open("race"), await open("race")];
  await stores[0]?.create(tenant, counter("a"));
  const rounds = stores.flatMap((store) =>
    Array.from({ length: 20 }, () => store.change(tenant, "a", (now) => ({ ...now, count: now.count + 1 }))),
  );
  await Promise.all(rounds);
  expect((await stores[1]?.get(tenant, "a"))?.record.count).toBe(60);
  expect(await stores[0]?.change(tenant, "a", () => undefined)).toBeUndefined();
  expect(await stores[0]?.change(tenant, "missing", (now) => now)).toBeUndefined();
});

it("lets one of many creators win", async () => {
  const stores = [await open("create"), await open("create")];
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) => (stores[n % 2] as (typeof stores)[0]).create(tenant, counter("a", n))),
  );
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

it("lists newest first by pages, and its own writes at once", async () => {
  const store = await open();
  for (let n = 0; n < 25; n++) await store.create(tenant, counter(`r${n}`, n));
  const seen: number[] = [];
  let pageToken = "";
  do {
    const page = await store.list(tenant, { pageSize: 4, pageToken, filter: ({ count }) => count % 2 === 0 });
    expect(page.records.length).toBeLessThanOrEqual(4);
    seen.push(...page.records.map(({ count }) => count));
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  expect(seen).toEqual([24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0]);
  await store.delete(tenant, "r24");
  expect((await store.list(tenant, { pageSize: 1 })).records[0]?.id).toBe("r23");
  // What the server says of it later, and of everything before, changes nothing.
  const other = await open(`test-${bucket}`);
  await other.create(tenant, counter("later", -1));
  await expect.poll(async () => (await store.list(tenant, { pageSize: 100 })).records.at(-1)?.id).toBe("later");
  expect((await store.list(tenant, { pageSize: 1 })).records[0]?.id).toBe("r23");
});

it("refuses a page token that is not one of its own", async () => {
  const store = await open();
  for (const pageToken of ["nonsense", Buffer.from("[1,2]").toString("base64url")]) {
    await expect(store.list(tenant, { pageSize: 5, pageToken })).rejects.toMatchObject({
      reason: "INVALID_PAGE_TOKEN",
      violations: [{ field: "page_token" }],
    });
  }
});

it("holds every record of another process once it is open, and later ones soon", async () => {
  const first = await open("shared");
  for (let n = 0; n < 50; n++) await first.create(tenant, counter(`r${n}`, n));
  await first.delete(tenant, "r49");
  const second = await open("shared");
  expect((await second.list(tenant, { pageSize: 100 })).records).toHaveLength(49);
  await first.create(tenant, counter("late", 100));
  await expect.poll(async () => (await second.list(tenant, { pageSize: 1 })).records[0]?.id).toBe("late");
});

it("watches a record through its changes until it is deleted", async () => {
  const [writer, reader] = [await open("watch"), await open("watch")];
  await writer.create(tenant, counter("a"));
  const seen: number[] = [];
  const watching = (async () => {
    for await (const { count } of reader.watch(tenant, "a", new AbortController().signal)) seen.push(count);
  })();
  await expect.poll(() => seen).toEqual([0]);
  for (let n = 1; n <= 5; n++) {
    await writer.change(tenant, "a", (now) => ({ ...now, count: n }));
    // A reader that is late sees the last state only.
    await expect.poll(() => seen.at(-1)).toBe(n);
  }
  await writer.delete(tenant, "a");
  await watching;
  expect(seen).toEqual([0, 1, 2, 3, 4, 5]);
  await writer.create(tenant, counter("a", 7));
  expect((await reader.get(tenant, "a"))?.record.count).toBe(7);
});

it("ends a watch when its signal is aborted", async () => {
  const store = await open();
  await store.create(tenant, counter("a"));
  const controller = new AbortController();
  const first = gate();
  const watching = (async () => {
    for await (const record of store.watch(tenant, "a", controller.signal)) {
      expect(record.id).toBe("a");
      first.open();
    }
  })();
  await first.opened;
  controller.abort();
  await watching;
});

it("follows changes again after the server was killed and came back", async () => {
  const [writer, reader] = [await open("restart"), await open("restart")];
  await writer.create(tenant, counter("before"));
  await broker.kill();
  const writing = writer.create(tenant, counter("during", 5));
  await broker.start();
  await writing;
  await writer.create(tenant, counter("after", 10));
  await expect
    .poll(async () => (await reader.list(tenant, { pageSize: 9 })).records.map(({ id }) => id))
    .toEqual(["after", "during", "before"]);
});

it("lets no id reach into other keys: nothing is found under it, and nothing is stored", async () => {
  const store = await open();
  await store.create(tenant, counter("a"));
  for (const id of ["a.b", "*", ">", ""]) {
    expect(await store.get(tenant, id)).toBeUndefined();
    await expect(store.create(tenant, counter(id))).rejects.toThrow("cannot be part of a record's key");
  }
});

it("knows no record of a name that cannot be one, however long", async () => {
  const store = await open();
  for (const id of ["", "a b", "a.b", "x".repeat(201), "x".repeat(2 ** 21)]) expect(await store.get(tenant, id)).toBeUndefined();
});
