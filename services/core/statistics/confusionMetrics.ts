import type { Interval } from "./interval.js";
import { macroF1 } from "./f1.js";
import { type BootstrapOptions, bootstrapTable } from "./resampling/bootstrapInterval.js";

type Matrix = readonly (readonly number[])[];

/**
 * F1 over all decisions of all classes together, as scikit-learn's `f1_score(average="micro")`. Where every example has one label and one prediction
 * it is the accuracy.
 * @param matrix square, [true class][predicted class], counts
 * @returns 0 to 1; NaN when the matrix holds no example
 */
export function microF1(matrix: Matrix): number {
  return diagonal(matrix) / total(matrix);
}

/**
 * Matthews' correlation of labels and predictions, for any number of classes: Gorodkin, Computational Biology and Chemistry 28, 2004.
 * @param matrix square, [true class][predicted class], counts
 * @returns -1 to 1; 0 where all labels or all predictions are of one class, as scikit-learn has it; NaN when the matrix holds no example
 */
export function matthewsCorrelation(matrix: Matrix): number {
  const n = total(matrix);
  if (n === 0) return Number.NaN;
  const labels = matrix.map(sum);
  const predicted = matrix.map((_, column) => sum(matrix.map((row) => row[column] ?? 0)));
  const product = (a: readonly number[], b: readonly number[]) => sum(a.map((value, index) => value * (b[index] ?? 0)));
  const spread = Math.sqrt(n ** 2 - product(predicted, predicted)) * Math.sqrt(n ** 2 - product(labels, labels));
  return spread === 0 ? 0 : (diagonal(matrix) * n - product(labels, predicted)) / spread;
}

/**
 * Mean recall of the classes that have examples: the accuracy if each class had as many.
 * @param matrix square, [true class][predicted class], counts
 * @returns 0 to 1; NaN when the matrix holds no example
 */
export function balancedAccuracy(matrix: Matrix): number {
  const recalls = matrix.flatMap((row, index) => (sum(row) === 0 ? [] : [(row[index] ?? 0) / sum(row)]));
  return sum(recalls) / recalls.length;
}

/** Metrics of a confusion matrix, by name. */
export const confusionMetrics = {
  macro_f1: macroF1,
  micro_f1: microF1,
  matthews_correlation: matthewsCorrelation,
  balanced_accuracy: balancedAccuracy,
} as const;

/** The bootstrap's interval of a metric of a confusion matrix. @param matrix square, [true class][predicted class], counts */
export function confusionInterval(matrix: Matrix, metric: (matrix: Matrix) => number, options: BootstrapOptions): Interval {
  const size = matrix.length;
  const rows = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const statistic = (counts: Float64Array) => {
    for (let row = 0; row < size; row++)
      for (let column = 0; column < size; column++) (rows[row] as number[])[column] = counts[row * size + column] as number;
    return metric(rows);
  };
  return bootstrapTable(matrix.flat(), statistic, options);
}

function diagonal(matrix: Matrix): number {
  return sum(matrix.map((row, index) => row[index] ?? 0));
}

function total(matrix: Matrix): number {
  return sum(matrix.map(sum));
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
