import { describe, expect, it } from "vitest";
import { defaultIntervals } from "../evaluations/evaluation.js";
import { classificationMetrics, completionColumns, completionMetrics, regressionMetrics } from "../evaluations/evaluationMetrics.js";
import type { ComparisonMetric } from "./comparisonMetrics.js";
import { estimateMetric } from "./comparisonMetrics.js";
import { outcomeCollector, type StoredPredictions } from "./collectOutcomes.js";

function collect(rows: readonly object[], stored: StoredPredictions, metric: ComparisonMetric) {
  const collector = outcomeCollector(stored, metric);
  // As they come out of a file.
  for (const row of rows) collector.add(JSON.parse(JSON.stringify(row)));
  return collector.finish();
}

describe("outcomes from stored predictions", () => {
  it("of classes give the metrics that the evaluation gave", () => {
    const logits = [
      [2, -1, 0.5],
      [0.1, 0.3, -2],
      [-4, 6, 1],
      [1, 1.5, 1.2],
      [0, 0, 9],
    ];
    const labels = [0, 0, 1, 2, 2];
    const { metrics, rows } = classificationMetrics(
      labels.map((label, index) => ({ label, logits: logits[index] ?? [] })),
      ["a", "b", "c"],
      defaultIntervals,
    );
    const stored = { task: "classification", examples: 5, classes: 3 } as const;
    const accuracy = collect(rows, stored, "accuracy");
    expect(estimateMetric("accuracy", accuracy.outcomes)).toBe(metrics.accuracy?.estimate);
    expect(Array.from(accuracy.truth)).toEqual(labels);
    expect(estimateMetric("loss", collect(rows, stored, "loss").outcomes)).toBeCloseTo(metrics.loss ?? Number.NaN, 12);
    expect(estimateMetric("macro_f1", collect(rows, stored, "macro_f1").outcomes)).toBe(metrics.macroF1?.estimate);
  });

  it("of numbers and of completions likewise", () => {
    const numbers = regressionMetrics(Float64Array.of(0.25, 4), defaultIntervals);
    const numberRows = [
      { index: 0, target: 1, predicted: 1.5 },
      { index: 1, target: -2, predicted: 0 },
    ];
    const found = collect(numberRows, { task: "regression", examples: 2, classes: 0 }, "loss");
    expect(estimateMetric("loss", found.outcomes)).toBe(numbers.loss);
    expect(Array.from(found.truth)).toEqual([1, -2]);

    const completionRows = [
      { index: 0, loss: 3, tokens: 4, correct: 1 },
      { index: 1, loss: 1, tokens: 2, correct: 2 },
    ];
    const completions = completionMetrics(completionColumns(completionRows), defaultIntervals);
    const stored = { task: "causal_lm", examples: 2, classes: 0 } as const;
    expect(Array.from(collect(completionRows, stored, "loss").truth)).toEqual([4, 2]);
    expect(estimateMetric("loss", collect(completionRows, stored, "loss").outcomes)).toBeCloseTo(completions.loss, 12);
    const accuracy = collect(completionRows, stored, "accuracy").outcomes;
    expect(estimateMetric("accuracy", accuracy)).toBeCloseTo(completions.accuracy?.estimate ?? Number.NaN, 12);
  });

  it("are refused where a row is missing, out of order, damaged or without a finite loss", () => {
    const stored = { task: "classification", examples: 2, classes: 2 } as const;
    const row = { index: 0, label: 1, predicted: 1, probabilities: [0.25, 0.75] };
    expect(() => collect([row], stored, "accuracy")).toThrow("there are 1 rows; 2 are needed");
    expect(() => collect([row, row], stored, "accuracy")).toThrow("row 1 of 2 is not a prediction of that example");
    expect(() => collect([row, { ...row, index: 1 }, { ...row, index: 2 }], stored, "accuracy")).toThrow("row 2 of 2 is not");
    expect(() => collect([{ ...row, predicted: "b" }], stored, "accuracy")).toThrow('row 0 has no number "predicted"');
    expect(() => collect([{ ...row, probabilities: [1] }], stored, "loss")).toThrow("row 0 has no probability of its class");
    expect(() => collect([{ ...row, probabilities: [1, 0] }], stored, "loss")).toThrow("its loss is not finite");
  });
});
