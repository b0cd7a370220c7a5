import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { jetstreamManager } from "@nats-io/jetstream";
import type { MetricPointInput } from "@stepwire/proto";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openJobStream, type DropReason } from "#platform/jobStream.js";
import { waitMs } from "../support/limits.js";
import { startNatsProxy } from "./natsProxy.js";
import { startTestBroker, type TestBroker } from "./testBroker.js";

// What becomes of points while NATS is away.

const tenant = "default";
let broker: TestBroker;
/** Temporary files of this test file alone. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-spool-test-"));
  broker = await startTestBroker();
  vi.stubEnv("TMPDIR", folder);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await broker.remove();
  await rm(folder, { recursive: true, force: true });
});

const point = (job: string, step: number): MetricPointInput => ({ uid: `${job}-uid`, job, attempt: 1, step, kind: "METRIC_KIND_TRAIN" });
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

/** The identities of what is stored of a job, each as often as it is. */
async function storedIdentities(job: string, suffix: "metrics" | "events"): Promise<string[]> {
  const manager = await jetstreamManager(await broker.connect());
  const identities: string[] = [];
  for (let seq = 1; ;) {
    const query = { seq, next_by_subj: `stepwire.v1.default.jobs.${job}.${suffix}` };
    const found = await manager.streams.getMessage("STEPWIRE_JOBS", query);
    if (!found) return identities;
    identities.push(found.header.get("Nats-Msg-Id"));
    seq = found.seq + 1;
  }
}

const storedSteps = async (job: string) => (await storedIdentities(job, "metrics")).map((identity) => Number(identity.split(":")[2]));

const spoolFiles = async () => await readdir(folder);

it("loses, doubles and reorders no point, however many come while the server is away", async () => {
  const dropped: string[] = [];
  const stream = await openJobStream(await broker.connect(), { capacity: 100, onDrop: ({ messageId }) => dropped.push(messageId) });
  await stream.publishMetric(tenant, point("away", 1));
  await broker.kill();
  for (const step of range(2, 3000)) void stream.publishMetric(tenant, point("away", step));
  const other = stream.publishMetric(tenant, point("away-too", 1));
  expect(await stream.flush(200)).toBe(false);
  // The file has no name: nothing is left behind by a process that dies now.
  expect(await spoolFiles()).toEqual([]);
  await broker.start();
  // While it connects again, and after.
  for (const step of range(3001, 3050)) {
    void stream.publishMetric(tenant, point("away", step));
    await sleep(20);
  }
  expect(await stream.flush(waitMs)).toBe(true);
  await other;
  expect(dropped).toEqual([]);
  expect(await storedSteps("away")).toEqual(range(1, 3050));
  expect(await storedSteps("away-too")).toEqual([1]);
  // And again, from the beginning of a new file.
  await broker.kill();
  for (const step of range(3051, 3400)) void stream.publishMetric(tenant, point("away", step));
  await broker.start();
  expect(await stream.flush(waitMs)).toBe(true);
  expect((await storedSteps("away")).slice(3050)).toEqual(range(3051, 3400));
});

it("says which points it gave up when memory and disk are full", async () => {
  const dropped: [string, DropReason][] = [];
  const onDrop = ({ messageId }: { messageId: string }, reason: DropReason) => dropped.push([messageId, reason]);
  const stream = await openJobStream(await broker.connect(), { capacity: 10, spoolBytes: 10_000, onDrop });
  await stream.publishMetric(tenant, point("full", 1));
  await broker.kill();
  for (const step of range(2, 200)) void stream.publishMetric(tenant, point("full", step));
  await broker.start();
  expect(await stream.flush(waitMs)).toBe(true);
  const steps = await storedSteps("full");
  expect(steps).toEqual(range(1, steps.length));
  expect(steps.length).toBeGreaterThan(20);
  expect(dropped).toEqual(range(steps.length + 1, 200).map((step) => [`full-uid:1:${step}:train`, "buffer full"]));
});

it.each(["metrics", "events"] as const)(
  "stores a message once whose answer was lost and that is sent again long after the server forgot its identity (%s)",
  async (suffix) => {
    const duplicateWindowMs = 100;
    const proxy = await startNatsProxy(broker.url);
    const stream = await openJobStream(await broker.connect(proxy.url), { duplicateWindowMs });
    const job = `doubt-${suffix}`;
    const publish = (step: number) =>
      suffix === "metrics"
        ? stream.publishMetric(tenant, point(job, step))
        : stream.publishEvent(tenant, { uid: `${job}-uid`, job, checkpoint_saved: { step } }, `1:${step}:checkpoint`);
    const stored = () => storedIdentities(job, suffix);
    const identities = (steps: number[]) => steps.map((step) => `${job}-uid:1:${step}:${suffix === "metrics" ? "train" : "checkpoint"}`);
    await publish(1);
    proxy.dropAnswers();
    const publishing = range(2, 5).map(publish);
    await expect.poll(stored).toEqual(identities([1, 2]));
    await sleep(20 * duplicateWindowMs);
    proxy.cut();
    await Promise.all(publishing);
    expect(await stored()).toEqual(identities(range(1, 5)));
    await proxy.close();
  },
);
