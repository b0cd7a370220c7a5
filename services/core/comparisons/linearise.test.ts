import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { argmax } from "../statistics/argmax.js";
import { meanInterval, ratioInterval } from "../statistics/ratioInterval.js";
import { outcomeCollector } from "./collectOutcomes.js";
import { type ComparisonMetric, estimateMetric } from "./comparisonMetrics.js";
import { linearise } from "./linearise.js";

const goldens = JSON.parse(readFileSync(new URL("../../../test/goldens/comparisons/comparisons.json", import.meta.url), "utf8")) as {
  linearised: { metric: ComparisonMetric; labels: number[]; probabilities: number[][]; estimate: number; values: number[] }[];
  linearised_macro_f1: { classes: number; labels: number[]; predicted: number[]; estimate: number; values: number[] }[];
};
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

it("a linearised macro F1 has the derivatives of scikit-learn's by the weights of examples, to 1e-6", () => {
  expect(goldens.linearised_macro_f1).toHaveLength(2);
  for (const { classes, labels, predicted, estimate, values } of goldens.linearised_macro_f1) {
    const { values: found } = linearise("macro_f1", { kind: "classes", labels, predicted, classes });
    expect(mean(found)).toBeCloseTo(estimate, 12);
    for (const [index, value] of values.entries()) expect(found[index]).toBeCloseTo(value, 6);
  }
});

it("a linearised ratio has the ratio as its mean and the variance of its linearisation", () => {
  const examples = [
    { sum: 3, count: 2 },
    { sum: 1, count: 5 },
    { sum: 7, count: 4 },
    { sum: 2, count: 1 },
  ];
  const outcomes = { kind: "ratio", sums: examples.map(({ sum }) => sum), counts: examples.map(({ count }) => count) } as const;
  const found = Array.from(linearise("loss", outcomes).values);
  const expected = ratioInterval(outcomes.sums, outcomes.counts, 0.9);
  const interval = meanInterval(found, 0.9);
  expect(interval.estimate).toBeCloseTo(expected.estimate, 12);
  expect(interval.lower).toBeCloseTo(expected.lower ?? Number.NaN, 12);
});

it("of other metrics they are scikit-learn's derivatives by the weights of examples", () => {
  expect(goldens.linearised).toHaveLength(6);
  for (const { metric, labels, probabilities, estimate, values } of goldens.linearised) {
    const collector = outcomeCollector({ task: "classification", examples: labels.length, classes: probabilities[0]?.length ?? 0 }, metric);
    for (const [index, label] of labels.entries())
      collector.add({ index, label, predicted: argmax(probabilities[index] ?? []), probabilities: probabilities[index] });
    const { outcomes } = collector.finish();
    expect(estimateMetric(metric, outcomes)).toBeCloseTo(estimate, 12);
    const { values: found } = linearise(metric, outcomes);
    for (const [index, value] of values.entries()) expect(found[index], `${metric}, example ${index}`).toBeCloseTo(value, 4);
  }
});

it("the outcomes of a mean are linear as they are", () => {
  const values = [0.1, 0.5];
  expect(linearise("loss", { kind: "mean", values }).values).toBe(values);
});

it("a loss is not computed from classes", () =>
  expect(() => linearise("loss", { kind: "classes", labels: [0], predicted: [0], classes: 2 })).toThrow(
    "loss is not computed from a confusion matrix",
  ));
