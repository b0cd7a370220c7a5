import { randomUUID } from "node:crypto";
import { type StudyInput, StepwireError } from "@stepwire/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServices, type TestServices } from "../datasets/testServices.js";
import { sample } from "../support/localStack.js";
import { startTestBroker, type TestBroker } from "../platform/testBroker.js";
import { sampleDataset } from "./sampleDataset.js";

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

const names = { train: [40, 40], dev: [10, 10], validation: [10, 10], test: [10, 10] };
type Selection = NonNullable<StudyInput["job"]>["dataset"];

/** `field REASON` of each fault of a study on a data set with these rows; none when it would be made. */
async function faults(change: Partial<StudyInput>, selection: Selection = {}, splits: Record<string, number[]> = names): Promise<string[]> {
  const id = `reviews-${randomUUID()}`;
  await services.datasets.create("default", sampleDataset(id, splits));
  const study: StudyInput = {
    job: { model: "all-MiniLM-L6-v2", dataset: { id, ...selection }, maxSteps: 1 },
    arms: [
      { name: "sgd", optimizer: { name: "sgd" } },
      { name: "adamw", optimizer: { name: "adamw" } },
    ],
    ...{ seeds: [1, 2], margin: 0.01 },
    ...change,
  };
  try {
    await services.stepwire.studies.create(study, { validateOnly: true });
    return [];
  } catch (error) {
    const { code, violations } = StepwireError.from(error);
    if (code !== "INVALID_ARGUMENT") throw error;
    return violations.map(({ field, reason }) => `${field} ${reason}`);
  }
}

describe("a study's test split", () => {
  const onto = (selection: Selection, testSplit: string) => faults({ testSplit }, selection);

  it("may be called validation where the runs are chosen by another split", async () => {
    expect(await onto({ validationSplit: "dev" }, "validation")).toEqual([]);
    expect(await onto({ validationSplit: "dev" }, "test")).toEqual([]);
    expect(await onto({}, "dev")).toEqual([]);
  });

  it("is none that the runs train on or are chosen by, nor one that cannot be told from that", async () => {
    for (const [selection, split] of [
      [{ validationSplit: "dev" }, "dev"],
      [{}, "validation"],
      [{}, "train"],
      [{ trainSplit: "dev" }, "dev"],
    ] as const)
      expect(await onto(selection, split), split).toEqual(["study.test_split CONFLICT"]);
    // The rows that are cut from the training split are called "validation" too.
    const files = (["train", "validation"] as const).map((split) => ({ split, path: sample(split) }));
    const { id } = await services.stepwire.datasets.import({ columns: { text: "text", label: "label" }, files });
    expect(await onto({ id, validationFraction: 0.2 }, "validation")).toEqual(["study.test_split CONFLICT"]);
  });

  it("is one of the data set", async () => {
    expect(await onto({ validationSplit: "dev" }, "nothing")).toEqual(["study.test_split NOT_FOUND"]);
  });
});

describe("a study's metric", () => {
  it("is one that the test split has: areas under the curve take two classes, and not too many scores", async () => {
    const ranked = { metric: "roc_auc" };
    expect(await faults(ranked)).toEqual([]);
    expect(await faults(ranked, {}, { ...names, test: [20, 0] })).toEqual(["study.metric CONFLICT"]);
    expect(await faults(ranked, {}, { ...names, test: [15e6, 6e6] })).toEqual(["study.metric OUT_OF_RANGE"]);
    expect(await faults({}, {}, { ...names, test: [20, 0] })).toEqual([]);
  });
});
