import { type ComparisonMetric, estimateMetric, metricFacts } from "./comparisonMetrics.js";
import { confusionMatrix } from "../statistics/confusionMatrix.js";
import type { ClassOutcomes, Outcomes, RatioOutcomes } from "./outcomes.js";

/**
 * One value an example whose mean is the metric and whose variance is that of the metric's linearisation: the metric plus the examples' count times
 * its derivative by the weight of the example (the infinitesimal jackknife). Of a mean they are the outcomes themselves. Source: Efron, Biometrika 68,
 * 1981, section 5; of a ratio it is the usual linearisation, Cochran, Sampling Techniques, third edition, 1977, section 6.4.
 */
export function linearise(metric: ComparisonMetric, outcomes: Outcomes): ArrayLike<number> {
  if (outcomes.kind === "mean") return outcomes.values;
  const estimate = estimateMetric(metric, outcomes);
  return outcomes.kind === "ratio" ? lineariseRatio(outcomes, estimate) : lineariseClasses(metric, outcomes, estimate);
}

function lineariseRatio({ sums, counts }: RatioOutcomes, estimate: number): Float64Array {
  const n = sums.length;
  let total = 0;
  for (let index = 0; index < n; index++) total += counts[index] as number;
  return Float64Array.from(
    { length: n },
    (_, index) => estimate + (n * ((sums[index] as number) - estimate * (counts[index] as number))) / total,
  );
}

function lineariseClasses(metric: ComparisonMetric, { labels, predicted, classes }: ClassOutcomes, estimate: number): Float64Array {
  const { ofClasses } = metricFacts[metric];
  if (!ofClasses) throw new TypeError(`${metric} is not computed from a confusion matrix`);
  const n = labels.length;
  const matrix = confusionMatrix(labels, predicted, classes);
  // All examples of a cell of the matrix have the same derivative.
  const values = matrix.map((row, label) => row.map((count, guess) => (count === 0 ? 0 : estimate + n * derivative(label, guess))));
  const linear = Float64Array.from({ length: n }, (_, index) => values[labels[index] as number]?.[predicted[index] as number] as number);
  // A metric that does not change when all counts do has derivatives that add up to 0, but for the digits of a difference quotient.
  const drift = estimate - linear.reduce((sum, value) => sum + value, 0) / n;
  return linear.map((value) => value + drift);

  function derivative(label: number, guess: number): number {
    const step = 1e-4 * (matrix[label]?.[guess] as number);
    const at = (change: number) => ofClasses?.(changed(matrix, label, guess, change)) as number;
    return (at(step) - at(-step)) / (2 * step);
  }
}

function changed(matrix: readonly (readonly number[])[], label: number, guess: number, by: number): number[][] {
  return matrix.map((row, index) => row.map((count, column) => (index === label && column === guess ? count + by : count)));
}
