import { randomUUID } from "node:crypto";
import { StepwireError } from "@stepwire/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TrainingJobRecord } from "#core/jobs/trainingJob.js";
import { startTestBroker, type TestBroker } from "../platform/testBroker.js";
import { startTestServices, type TestServices } from "./testServices.js";

let broker: TestBroker;
let services: TestServices;
beforeAll(async () => {
  broker = await startTestBroker();
  services = await startTestServices(broker);
});
afterAll(async () => {
  await services.close();
  await broker.remove();
});

const rows = (count: number, first = 0) =>
  Array.from({ length: count }, (_, row) => ({ text: `text ${row + first}`, label: row % 2 ? "odd" : "even" }));

async function importRows(splits: Record<string, { text: string; label: string }[]>): Promise<string> {
  const files = Object.entries(splits).map(([split, some]) => ({
    split,
    format: "JSONL" as const,
    content: some.map((row) => JSON.stringify(row)).join("\n"),
  }));
  return (await services.stepwire.datasets.import({ columns: { text: "text", label: "label" }, files })).id;
}

const create = (id: string, more: object = {}, validateOnly = true) =>
  services.stepwire.jobs.create({ dataset: { id }, optimizer: { name: "adamw" }, maxSteps: 1, ...more }, { validateOnly });

async function faults(call: Promise<unknown>): Promise<string[]> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StepwireError);
  return (error as StepwireError).violations.map(({ field, reason, description }) => `${field} ${reason} ${description}`);
}

describe("a job's groups", () => {
  it("that match no parameter of the model are refused, with the nearest name", async () => {
    const id = await importRows({ train: rows(40) });
    const groups = [
      { pattern: "clasifier.weight", decayed: true },
      { pattern: "bert.*", learningRateScale: 0.5 },
      { pattern: "layers.*", decayed: false },
    ];
    expect(await faults(create(id, { optimizer: { name: "adamw", groups }, batchSize: 0 }))).toEqual([
      expect.stringMatching(/^training_job\.batch_size OUT_OF_RANGE/),
      'training_job.optimizer.groups[0].pattern NO_MATCH "clasifier.weight" matches no parameter of the model; did you mean "classifier.weight"?',
      expect.stringMatching(
        /^training_job\.optimizer\.groups\[2\]\.pattern NO_MATCH "layers\.\*" matches no parameter of the model; its names are like "bert\./,
      ),
    ]);
  });
});

describe("a job's rows", () => {
  it("are counted from what the import kept, cut or as the splits are", async () => {
    const cut = await importRows({ train: rows(100) });
    expect((await create(cut)).plan).toMatchObject({ trainRows: 90, validationRows: 10 });
    expect((await create(cut, { dataset: { id: cut, validationFraction: 0.25, maxTrainRows: 7 } })).plan).toMatchObject({
      trainRows: 7,
      validationRows: 24,
    });
    const split = await importRows({ train: rows(100), validation: rows(30, 100) });
    expect((await create(split)).plan).toMatchObject({ trainRows: 100, validationRows: 30 });
  });

  it("that cannot be cut are refused with each class, its rows and what is needed, also when only validating", async () => {
    const copies = [...Array.from({ length: 40 }, () => ({ text: "the same", label: "x" })), { text: "another", label: "y" }];
    const id = await importRows({ train: copies });
    const before = services.jobs.find(() => true);
    for (const validateOnly of [true, false]) {
      const [fault = "", ...others] = await faults(create(id, {}, validateOnly));
      expect(others).toEqual([]);
      expect(fault).toMatch(/^training_job\.dataset\.validation_fraction CANNOT_BE_CUT /);
      expect(fault).toContain('"x" has 40 rows of 1 distinct text, "y" has 1 row of 1 distinct text');
      expect(fault).toContain("a class needs two distinct texts to stand on both sides");
    }
    expect(services.jobs.find(() => true)).toEqual(before);
  });
});

describe("a caller's texts", () => {
  it("are limited: labels, and a request id, also when only validating", async () => {
    const id = await importRows({ train: rows(20) });
    const labels = { ["k".repeat(64)]: "v", ok: "v".repeat(256) };
    for (const validateOnly of [true, false])
      expect(await faults(create(id, { labels }, validateOnly))).toEqual([
        `training_job.labels["${"k".repeat(64)}"] TOO_LONG the key has 64 characters; allowed: 1 to 63`,
        `training_job.labels["ok"] TOO_LONG the value "${"v".repeat(80)}…" has 256 characters; allowed: at most 255`,
      ]);
  });

  it("are quoted cut and escaped, in values and in fields", async () => {
    const evil = `\u001b[2J${"x".repeat(1_000_000)}`;
    const optimizer = { name: "sgd", hyperparameters: { [evil]: 1 } };
    const found = await faults(create("none", { optimizer, dataset: { id: evil } }));
    expect(found.join("\n")).toContain(`there is no data set "\\u001b[2J${"x".repeat(76)}…" (1000004 characters)`);
    for (const fault of found) {
      expect(fault).not.toMatch(/\p{Cc}/u);
      expect(fault.length).toBeLessThan(600);
    }
    const missing = await services.stepwire.jobs.get(evil).catch((error: unknown) => error as StepwireError);
    expect(missing).toMatchObject({ code: "NOT_FOUND" });
    expect((missing as StepwireError).message).not.toMatch(/\p{Cc}/u);
  });
});

it("evaluating the split that was trained on is refused for what it is", async () => {
  const id = await importRows({ train: rows(30), test: rows(10, 30) });
  const job = await create(id, {}, false);
  const [fault] = await faults(services.stepwire.evaluations.create({ trainingJob: job.id, split: "train" }));
  expect(fault).toMatch(/^evaluation\.split TRAINED_ON "train" was trained on, so its accuracy says nothing about unseen text; allowed: /);
});

it("a list of jobs with the longest labels comes in pages that a peer takes", async () => {
  const id = await importRows({ train: rows(40) });
  const made = await create(id, {}, false);
  const record = (await services.jobs.get("default", made.id))?.record as TrainingJobRecord;
  const labels = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`${"k".repeat(61)}${index + 10}`, "v".repeat(255)]));
  const copies = Array.from({ length: 400 }, (_, index) => ({
    ...record,
    id: `copy-${index}`,
    uid: randomUUID(),
    state: "CANCELLED" as const,
    labels,
  }));
  await Promise.all(copies.map((copy) => services.jobs.create("default", copy)));
  const ids: string[] = [];
  for await (const { id } of services.stepwire.jobs.list({ pageSize: 1000, states: ["CANCELLED"] })) ids.push(id);
  expect(ids.toSorted()).toEqual(copies.map((copy) => copy.id).toSorted());
});
