import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { defaultIntervals } from "./evaluation.js";
import { classificationMetrics, completionMetrics, regressionMetrics } from "./evaluationMetrics.js";

interface Golden {
  labels: number[];
  probabilities: number[][];
  matrix: number[][];
  micro_f1: number;
  matthews_correlation: number;
  balanced_accuracy: number;
  brier: number;
  calibration_error: number;
  roc_auc: { estimate: number; lower: number; upper: number };
}
const { classifiers } = JSON.parse(
  readFileSync(new URL("../../../test/goldens/statistics/metric_goldens.json", import.meta.url), "utf8"),
) as { classifiers: Golden[] };
const predictionsOf = ({ labels, probabilities }: Golden) =>
  labels.map((label, index) => ({ label, logits: (probabilities[index] ?? []).map(Math.log) }));
const named = (golden: Golden) => golden.matrix.map((_, id) => `class ${id}`);

describe("an evaluation of classes", () => {
  it("has scikit-learn's metrics, each with its interval around it and how that was made", () => {
    for (const golden of classifiers) {
      const { metrics, rows } = classificationMetrics(predictionsOf(golden), named(golden), defaultIntervals);
      expect(metrics.confusionMatrix).toEqual(golden.matrix);
      expect(metrics.microF1?.estimate).toBeCloseTo(golden.micro_f1, 10);
      expect(metrics.matthewsCorrelation?.estimate).toBeCloseTo(golden.matthews_correlation, 10);
      expect(metrics.balancedAccuracy?.estimate).toBeCloseTo(golden.balanced_accuracy, 10);
      expect(metrics.brier?.estimate).toBeCloseTo(golden.brier, 10);
      expect(metrics.calibrationError?.estimate).toBeCloseTo(golden.calibration_error, 10);
      expect(metrics.rocAuc).toMatchObject({ method: "delong" });
      // Probabilities that are equal in the golden may differ in their last digit after a logarithm: ties are broken.
      expect(Math.abs((metrics.rocAuc?.lower ?? 9) - golden.roc_auc.lower)).toBeLessThan(0.005);
      for (const interval of [
        metrics.accuracy,
        metrics.lossInterval,
        metrics.macroF1,
        metrics.microF1,
        metrics.matthewsCorrelation,
        metrics.balancedAccuracy,
        metrics.brier,
        metrics.rocAuc,
      ]) {
        expect(interval?.lower).toBeLessThan(interval?.estimate ?? Number.NaN);
        expect(interval?.upper).toBeGreaterThan(interval?.estimate ?? Number.NaN);
      }
      expect(metrics.brier?.resampling).toEqual({ version: 1, resamples: 10_000, seed: 0 });
      expect(rows).toHaveLength(golden.labels.length);
    }
  });

  it("takes the method, the level and the seed that it is told", () => {
    const [golden] = classifiers;
    if (!golden) return expect.unreachable();
    const of = (change: object) => classificationMetrics(predictionsOf(golden), named(golden), { ...defaultIntervals, ...change }).metrics;
    expect(of({ interval: "clopper-pearson" }).accuracy?.method).toBe("clopper-pearson");
    expect(of({ bootstrap: { method: "percentile", resamples: 200, seed: 3 } }).macroF1).toMatchObject({
      method: "bootstrap, percentile",
      resampling: { resamples: 200, seed: 3 },
    });
    const width = (level: number) => {
      const { lower = 0, upper = 0 } = of({ level }).rocAuc ?? {};
      return upper - lower;
    };
    expect(width(0.99)).toBeGreaterThan(width(0.8));
    expect(of({})).toEqual(of({}));
  });

  it("says why there is no interval where one example, or none, shows none, and never has one of width zero", () => {
    const one = classificationMetrics([{ label: 0, logits: [2, 1] }], ["a", "b"], defaultIntervals).metrics;
    const perfect = classificationMetrics(
      Array.from({ length: 9 }, (_, index) => ({ label: index % 2, logits: index % 2 === 0 ? [9, 0] : [0, 9] })),
      ["a", "b"],
      defaultIntervals,
    ).metrics;
    for (const metrics of [one, perfect])
      for (const interval of [metrics.lossInterval, metrics.macroF1, metrics.brier, metrics.calibrationError, metrics.rocAuc]) {
        expect(interval?.unavailable).toBeTruthy();
        expect(interval?.lower).toBeUndefined();
      }
    // A resample of nine may have one class only, whose correlation is 0.
    const { lower = 0, upper = 1 } = perfect.matthewsCorrelation ?? {};
    expect(lower).toBeLessThan(upper);
    // What is known of a share of 0 or 1 is explicit.
    expect(perfect.accuracy).toMatchObject({ estimate: 1, upper: 1 });
    expect(perfect.accuracy?.lower).toBeLessThan(0.75);
    expect(one.accuracy).toMatchObject({ estimate: 1, upper: 1 });
  });

  it("of more examples than are resampled has Student's t, and is done within seconds", () => {
    const many = Array.from({ length: 30_000 }, (_, index) => ({
      label: index % 3,
      logits: [Math.sin(index), Math.cos(index * 2), Math.sin(index * 3 + 1)],
    }));
    const { metrics } = classificationMetrics(many, ["a", "b", "c"], defaultIntervals);
    expect(metrics.lossInterval?.method).toBe("linearised ratio, t");
    expect(metrics.macroF1?.method).toBe("bootstrap, bca");
    expect(metrics.calibrationError?.resampling?.resamples).toBe(10_000);
  });
});

describe("an evaluation of numbers", () => {
  it("has the mean squared error with the bootstrap's interval", () => {
    const metrics = regressionMetrics(
      Float64Array.from({ length: 50 }, (_, index) => Math.sin(index) ** 2),
      defaultIntervals,
    );
    const expected = Array.from({ length: 50 }, (_, index) => Math.sin(index) ** 2).reduce((sum, value) => sum + value, 0) / 50;
    expect(metrics.loss).toBeCloseTo(expected, 12);
    expect(metrics.lossInterval?.method).toBe("bootstrap, bca");
    expect(metrics.accuracy).toBeUndefined();
  });
});

describe("an evaluation of completions", () => {
  it("has no share above 1 and no loss below 0 in its intervals", () => {
    const metrics = completionMetrics({ losses: [0, 0, 9], tokens: [9, 9, 9], correct: [9, 9, 5] }, defaultIntervals);
    expect(metrics.accuracy).toMatchObject({ estimate: 23 / 27, upper: 1 });
    expect(metrics.lossInterval).toMatchObject({ lower: 0 });
    expect(metrics.perplexity).toMatchObject({ lower: 1 });
  });
});
