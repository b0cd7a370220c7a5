import type { Interval } from "./interval.js";
import { wilsonInterval } from "./wilson.js";

/**
 * Examples on the diagonal of a confusion matrix.
 * @param matrix square, [true class][predicted class], counts
 */
export function correctCount(matrix: readonly (readonly number[])[]): number {
  return matrix.reduce((sum, row, index) => sum + (row[index] ?? 0), 0);
}

/**
 * Share of examples predicted rightly, with Wilson's interval.
 * @param matrix square, [true class][predicted class], counts
 * @param level confidence level, above 0 and below 1
 * @throws RangeError for a level outside its range
 */
export function accuracy(matrix: readonly (readonly number[])[], level: number): Interval {
  const examples = matrix.reduce((sum, row) => sum + row.reduce((rowSum, count) => rowSum + count, 0), 0);
  return wilsonInterval(correctCount(matrix), examples, level);
}
