import { wireMessage, type Stepwire, type StudyInput } from "@stepwire/client";
import { describe, expect, it } from "vitest";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import type { StudyRecord } from "#core/studies/study.js";
import type { CallContext } from "#platform/handlers.js";
import { StatusError } from "#platform/statusError.js";
import { sampleDataset } from "../testing/sampleDataset.js";
import { storedRecords } from "../testing/storedRecords.js";
import { createStudy, type CreateStudyParts } from "./createStudy.js";

const names = { train: [40, 40], dev: [10, 10], validation: [10, 10], test: [10, 10] };
const declaration = (change: Partial<StudyInput> = {}): StudyInput => ({
  job: { dataset: { id: "reviews" }, maxSteps: 1 },
  arms: [
    { name: "sgd", optimizer: { name: "sgd" } },
    { name: "adamw", optimizer: { name: "adamw" } },
  ],
  ...{ seeds: [1, 2], margin: 0.01 },
  ...change,
});

/** The record, or `field REASON` of each fault. */
async function created(study: StudyInput, dataset: DatasetRecord = sampleDataset(names)): Promise<StudyRecord | string[]> {
  const parts = {
    studies: storedRecords<StudyRecord>(),
    datasets: storedRecords(dataset),
    queue: { enqueue: async () => undefined },
    stepwire: { jobs: { create: async () => ({ plan: { expectedSeconds: 1, peakMemoryBytes: 1 } }) } } as unknown as Stepwire,
  } as unknown as CreateStudyParts;
  const request = { study: wireMessage("stepwire.v1.Study", study), study_id: "", request_id: "", validate_only: false };
  const call = { tenant: "default", signal: new AbortController().signal } as CallContext;
  return await createStudy(parts, request as Parameters<typeof createStudy>[1], call).catch((error: unknown) => {
    if (error instanceof StatusError) return error.violations.map(({ field, reason }) => `${field} ${reason}`);
    throw error;
  });
}

const onto = (dataset: NonNullable<StudyInput["job"]>["dataset"], testSplit: string) =>
  declaration({ job: { dataset: { id: "reviews", ...dataset }, maxSteps: 1 }, testSplit });

describe("a study's test split", () => {
  it("may be called validation where the runs are chosen by another split", async () => {
    expect(await created(onto({ validationSplit: "dev" }, "validation"))).toMatchObject({ declaration: { testSplit: "validation" } });
    expect(await created(onto({ validationSplit: "dev" }, "test"))).toMatchObject({ state: "QUEUED" });
    expect(await created(onto({}, "dev"))).toMatchObject({ state: "QUEUED" });
  });

  it("is none that the runs train on or are chosen by, nor one that cannot be told from that", async () => {
    for (const study of [
      onto({ validationSplit: "dev" }, "dev"),
      onto({}, "validation"),
      onto({}, "train"),
      onto({ trainSplit: "dev" }, "dev"),
      // The rows that are cut from the training split are called "validation" too.
      onto({ validationFraction: 0.2 }, "validation"),
    ])
      expect(await created(study)).toEqual(["study.test_split CONFLICT"]);
  });

  it("is one of the data set", async () => {
    expect(await created(onto({ validationSplit: "dev" }, "nothing"))).toEqual(["study.test_split NOT_FOUND"]);
  });
});

describe("a study's metric", () => {
  it("is one that the test split has: areas under the curve take two classes, and not too many scores", async () => {
    const ranked = declaration({ metric: "roc_auc" });
    expect(await created(ranked)).toMatchObject({ state: "QUEUED" });
    expect(await created(ranked, sampleDataset({ ...names, test: [20, 0] }))).toEqual(["study.metric CONFLICT"]);
    expect(await created(ranked, sampleDataset({ ...names, test: [15e6, 6e6] }))).toEqual(["study.metric OUT_OF_RANGE"]);
    expect(await created(declaration(), sampleDataset({ ...names, test: [20, 0] }))).toMatchObject({ state: "QUEUED" });
  });
});
