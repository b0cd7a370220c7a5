import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { argmax } from "./argmax.js";
import { brierScore } from "./brier.js";
import { calibrationBins, calibrationTable, expectedCalibrationError } from "./calibration.js";
import { clusteredInterval } from "./clusteredInterval.js";
import { balancedAccuracy, confusionInterval, confusionMetrics, matthewsCorrelation, microF1 } from "./confusionMetrics.js";
import { confusionMatrix } from "./confusionMatrix.js";
import { macroF1 } from "./f1.js";
import { meanInterval } from "./ratioInterval.js";
import { bootstrapTable } from "./resampling/bootstrapInterval.js";
import { rocAucInterval } from "./rocAuc.js";

interface Goldens {
  classifiers: {
    labels: number[];
    probabilities: number[][];
    matrix: number[][];
    micro_f1: number;
    matthews_correlation: number;
    balanced_accuracy: number;
    brier: number;
    calibration_error: number;
    roc_auc: { estimate: number; lower: number; upper: number };
  }[];
  clusters: { values: number[]; groups: number[]; level: number; estimate: number; lower: number; upper: number }[];
}
const goldens = JSON.parse(
  readFileSync(new URL("../../../test/goldens/statistics/metric_goldens.json", import.meta.url), "utf8"),
) as Goldens;
const scoresOf = (probabilities: readonly number[][]) =>
  (probabilities[0] ?? []).map((_, id) => probabilities.map((row) => row[id] ?? Number.NaN));
const matrices = fc
  .integer({ min: 2, max: 5 })
  .chain((size) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: size, maxLength: size }), { minLength: size, maxLength: size }),
  );

describe("metrics of classifiers", () => {
  it("agree with scikit-learn to 1e-12", () => {
    expect(goldens.classifiers.length).toBe(4);
    for (const golden of goldens.classifiers) {
      const { labels, probabilities, matrix } = golden;
      expect(confusionMatrix(labels, probabilities.map(argmax), matrix.length)).toEqual(matrix);
      expect(microF1(matrix)).toBeCloseTo(golden.micro_f1, 12);
      expect(matthewsCorrelation(matrix)).toBeCloseTo(golden.matthews_correlation, 12);
      expect(balancedAccuracy(matrix)).toBeCloseTo(golden.balanced_accuracy, 12);
      const brier = labels.reduce((sum, label, index) => sum + brierScore(probabilities[index] ?? [], label), 0) / labels.length;
      expect(brier).toBeCloseTo(golden.brier, 12);
    }
  });

  it("do not hang on the order of classes", () => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        const turned = matrix.toReversed().map((row) => row.toReversed());
        for (const metric of Object.values(confusionMetrics)) {
          const [there, back] = [metric(matrix), metric(turned)];
          if (Number.isNaN(there)) expect(back).toBeNaN();
          else expect(back).toBeCloseTo(there, 10);
        }
      }),
    );
  });

  it("are 1 where all is right, and for one guess for all nothing better than chance", () => {
    const perfect = [
      [5, 0, 0],
      [0, 9, 0],
      [0, 0, 2],
    ];
    expect([microF1(perfect), matthewsCorrelation(perfect), balancedAccuracy(perfect), macroF1(perfect)]).toEqual([1, 1, 1, 1]);
    // Resampled, too: there is no interval, and none of rounding's width.
    for (const metric of Object.keys(confusionMetrics) as (keyof typeof confusionMetrics)[])
      expect(confusionInterval(perfect, metric, { level: 0.95, method: "bca", resamples: 500, seed: 1 }).unavailable, metric).toBeDefined();
    expect(
      matthewsCorrelation([
        [9, 0],
        [4, 0],
      ]),
    ).toBe(0);
    expect(
      balancedAccuracy([
        [9, 0],
        [4, 0],
      ]),
    ).toBe(0.5);
    // A class without examples has no recall.
    expect(
      balancedAccuracy([
        [3, 1, 0],
        [0, 0, 0],
        [0, 0, 4],
      ]),
    ).toBe(0.875);
    expect([
      microF1([
        [0, 0],
        [0, 0],
      ]),
      matthewsCorrelation([[0]]),
      balancedAccuracy([
        [0, 0],
        [0, 0],
      ]),
    ]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it("have intervals that hold them, and none where nothing varies", () => {
    for (const { matrix } of goldens.classifiers)
      for (const metric of Object.keys(confusionMetrics) as (keyof typeof confusionMetrics)[]) {
        const { estimate, lower = 9, upper = -9, method } = confusionInterval(matrix, metric, { resamples: 500 });
        expect(estimate).toBeCloseTo(confusionMetrics[metric](matrix), 13);
        // From sums that change by one example as from whole matrices.
        const slow = bootstrapTable(matrix.flat(), (counts) => confusionMetrics[metric](rowsOf(counts, matrix.length)), { resamples: 500 });
        expect(lower).toBeCloseTo(slow.lower ?? Number.NaN, 12);
        expect(upper).toBeCloseTo(slow.upper ?? Number.NaN, 12);
        expect(lower).toBeLessThan(estimate);
        expect(upper).toBeGreaterThan(estimate);
        expect(method).toBe("bootstrap, bca");
      }
    expect(
      confusionInterval(
        [
          [5, 0],
          [0, 5],
        ],
        "macro_f1",
        { resamples: 500 },
      ).unavailable,
    ).toBeDefined();
    expect(
      confusionInterval(
        [
          [1, 0],
          [0, 0],
        ],
        "macro_f1",
        {},
      ).unavailable,
    ).toContain("one example");
  });
});

describe("the calibration error", () => {
  it("agrees with its definition in numpy", () => {
    for (const { labels, probabilities, calibration_error: expected } of goldens.classifiers) {
      const examples = probabilities.map((row, index) => ({ confidence: Math.max(...row), isRight: argmax(row) === labels[index] }));
      expect(expectedCalibrationError(calibrationTable(examples))).toBeCloseTo(expected, 12);
    }
  });

  it("is 0 where a bin is as often right as it is sure, and puts both ends into bins", () => {
    const sure = [1, 2, 3, 4].map((index) => ({ confidence: 0.75, isRight: index > 1 }));
    expect(expectedCalibrationError(calibrationTable(sure))).toBe(0);
    const table = calibrationTable([
      { confidence: 0, isRight: false },
      { confidence: 1, isRight: true },
    ]);
    expect(table).toHaveLength(calibrationBins);
    expect([table[0]?.examples, table.at(-1)?.examples]).toEqual([1, 1]);
    expect(expectedCalibrationError(calibrationTable([]))).toBeNaN();
  });
});

describe("the area under the receiver operating characteristic", () => {
  it("agrees with scikit-learn, its interval with DeLong's definition, of two classes and of more", () => {
    for (const { labels, probabilities, roc_auc: expected } of goldens.classifiers) {
      const scores = scoresOf(probabilities);
      const found = rocAucInterval(labels, scores.length === 2 ? [scores[1] ?? []] : scores, 0.95);
      expect(found.estimate).toBeCloseTo(expected.estimate, 12);
      expect(found.lower).toBeCloseTo(expected.lower, 12);
      expect(found.upper).toBeCloseTo(expected.upper, 12);
    }
  });

  it("turns round with its scores, hangs on their order only, and is one half where all are equal", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 9 })), { minLength: 2, maxLength: 40 }),
        (rows) => {
          const labels = rows.map(([label]) => label);
          const scores = rows.map(([, score]) => score);
          const there = rocAucInterval(labels, [scores], 0.95);
          if (Number.isNaN(there.estimate)) return;
          expect(rocAucInterval(labels, [scores.map((score) => -score)], 0.95).estimate).toBeCloseTo(1 - there.estimate, 12);
          expect(rocAucInterval(labels, [scores.map((score) => Math.exp(score))], 0.95).estimate).toBe(there.estimate);
          expect(rocAucInterval(labels, [scores.map(() => 1)], 0.95).estimate).toBe(0.5);
        },
      ),
    );
  });

  it("has no interval where the data show none, and no value where nothing can be ranked", () => {
    expect(rocAucInterval([0, 0, 1, 1], [[1, 2, 3, 4]], 0.95)).toMatchObject({
      estimate: 1,
      unavailable: expect.stringContaining("separate"),
    });
    expect(rocAucInterval([0, 0, 1], [[1, 4, 3]], 0.95).unavailable).toContain("one example");
    expect(rocAucInterval([1, 1], [[1, 2]], 0.95)).toMatchObject({
      estimate: Number.NaN,
      unavailable: expect.stringContaining("no two classes"),
    });
    expect(() => rocAucInterval([0, 1], [[1, 2]], 0)).toThrow("level is 0");
  });

  it("ranks a million examples within seconds", () => {
    const n = 1_000_000;
    const labels = Uint8Array.from({ length: n }, (_, index) => index % 2);
    const scores = Float64Array.from({ length: n }, (_, index) => Math.sin(index * index) + (index % 2));
    const { estimate, lower = 0, upper = 0 } = rocAucInterval(labels, [scores], 0.95);
    expect(lower < estimate && estimate < upper && upper - lower < 0.01).toBe(true);
  });
});

describe("the interval of grouped examples", () => {
  it("agrees with statsmodels' clustered errors and scipy's t", () => {
    for (const { values, groups, level, estimate, lower, upper } of goldens.clusters) {
      const found = clusteredInterval(values, groups, level);
      expect(found.estimate).toBeCloseTo(estimate, 12);
      expect(found.lower).toBeCloseTo(lower, 9);
      expect(found.upper).toBeCloseTo(upper, 9);
    }
  });

  it("of groups of one is the usual one of a mean", () => {
    const values = [1, 0, 1, 1, 0, 1, 1];
    const usual = meanInterval(values, 0.95);
    const grouped = clusteredInterval(
      values,
      values.map((_, index) => `document ${index}`),
      0.95,
    );
    expect(grouped.lower).toBeCloseTo(usual.lower ?? Number.NaN, 12);
    expect(grouped.method).toBe("clustered, t");
  });

  it("is unavailable with one group or equal ones", () => {
    expect(clusteredInterval([1, 0], ["a", "a"], 0.95).unavailable).toContain("one group");
    expect(clusteredInterval([1, 0, 1, 0], ["a", "a", "b", "b"], 0.95).unavailable).toContain("same mean");
    expect(() => clusteredInterval([1], [], 0.95)).toThrow("1 values and 0 groups");
  });
});

function rowsOf(counts: ArrayLike<number>, size: number): number[][] {
  return Array.from({ length: size }, (_, row) => Array.from({ length: size }, (__, column) => counts[row * size + column] as number));
}
