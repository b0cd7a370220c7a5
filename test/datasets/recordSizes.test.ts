import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { datasetLimits } from "#core/datasets/datasetLimits.js";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import { defaultIntervals, type EvaluationRecord } from "#core/evaluations/evaluation.js";
import { labelFaults } from "#core/jobs/jobLabels.js";
import { correctCount } from "#core/statistics/accuracy.js";
import type { Interval } from "#core/statistics/interval.js";
import { classMetrics } from "#core/statistics/f1.js";
import { encodeRecord } from "#platform/recordJson.js";
import { openRecordStore } from "#platform/recordStore.js";
import { startTestBroker, type TestBroker } from "../platform/testBroker.js";

// Records are JSON in NATS, which refuses messages above `max_payload`.

let broker: TestBroker;
beforeAll(async () => {
  broker = await startTestBroker();
});
afterAll(() => broker.remove());

const maxPayload = 1024 * 1024;
// JSON writes this character with six bytes, more than any other.
const longest = (characters: number) => "\u0001".repeat(characters);
const classes = Array.from(
  { length: datasetLimits.classes },
  (_, index) => `${longest(datasetLimits.labelCharacters - 3)}${String(index).padStart(3, "0")}`,
);
const common = {
  id: "d".repeat(63),
  uid: "0f7cf3bb-2b67-4f27-8d0c-6d3f1d0e2c11",
  tenant: "default",
  createTime: new Date(0).toISOString(),
};
const digest = "f".repeat(64);

describe("the largest records that the limits allow are well below what NATS takes", () => {
  it("data sets", async () => {
    const names = Array.from({ length: datasetLimits.files }, (_, index) => `${"s".repeat(61)}${index + 10}`);
    const column = longest(datasetLimits.columnNameCharacters);
    // 120 pairs of splits that share texts, each with three quoted.
    const warning = (first: string, second: string) =>
      `3000000 rows of the split "${first}" have a text that stands in the split "${second}" too: ${`"${"\\u0001".repeat(80)}…" (50000 characters), `.repeat(3)}…`;
    const record: DatasetRecord = {
      ...common,
      columns: { text: column, textPair: column, label: column },
      classes,
      splits: names.map((name) => ({
        name,
        rows: 3_000_000,
        duplicates: 3_000_000,
        classCounts: classes.map(() => 1_000_000),
        tokenLengths: Array.from({ length: 16 }, (_, index) => ({ atMost: 8 * 2 ** index, rows: 3_000_000 })),
        digest,
      })),
      digest,
      warnings: names.flatMap((first, index) => names.slice(index + 1).map((second) => warning(first, second))),
    };
    const bytes = Buffer.byteLength(encodeRecord(record));
    expect(bytes).toBeLessThan(0.6 * maxPayload);
    const store = await openRecordStore<DatasetRecord>(await broker.connect(), "SIZES");
    await store.create("default", record);
    await store.close();
  });

  it("evaluations, with a confusion matrix of every class against every class", () => {
    // As many counts of three digits as the rows allow, the others of two.
    let left = datasetLimits.rows - 10 * classes.length ** 2;
    const matrix = classes.map(() =>
      classes.map(() => {
        const count = left >= 90 ? 100 : 10;
        left -= count - 10;
        return count;
      }),
    );
    const interval: Interval = {
      ...{ estimate: 1 / 3, lower: 1 / 7, upper: 2 / 3, level: 0.95, method: "bootstrap, percentile", about: "examples" },
      resampling: { version: 1, resamples: 1_000_000, seed: 2 ** 32 - 1 },
    };
    const record: EvaluationRecord = {
      ...common,
      state: "SUCCEEDED",
      trainingJob: common.id,
      trainingJobUid: common.uid,
      split: "s".repeat(63),
      intervals: defaultIntervals,
      attempt: 3,
      requestId: longest(128),
      metrics: {
        examples: datasetLimits.rows,
        correct: correctCount(matrix),
        ...{ accuracy: interval, macroF1: interval, microF1: interval, matthewsCorrelation: interval, balancedAccuracy: interval },
        ...{ brier: interval, calibrationError: interval, rocAuc: interval },
        loss: 1 / 3,
        lossInterval: interval,
        classes,
        confusionMatrix: matrix,
        classMetrics: classMetrics(matrix).map((metrics, index) => ({ label: classes[index] ?? "", ...metrics })),
        splitDigest: digest,
        weightsDigest: digest,
        predictions: "p".repeat(4096),
        seconds: 1 / 3,
      },
    };
    const bytes = Buffer.byteLength(encodeRecord(record));
    expect(bytes).toBeLessThan(0.6 * maxPayload);
  });

  it("the labels of a job", () => {
    const labels = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`${longest(61)}${index + 10}`, longest(255)]));
    expect(labelFaults(labels, "labels")).toEqual([]);
    const bytes = Buffer.byteLength(JSON.stringify(labels));
    expect(bytes).toBeLessThan(0.2 * maxPayload);
  });
});
