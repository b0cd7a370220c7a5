/** One class against all others; 0 where the ratio is 0/0. */
export interface ClassScores {
  /** Share of the examples predicted to be of the class that are. */
  precision: number;
  /** Share of the examples of the class that were predicted to be. */
  recall: number;
  /** Harmonic mean of precision and recall. */
  f1: number;
  /** Examples of the class. */
  support: number;
}

/**
 * Precision, recall, F1 and support of each class, as scikit-learn computes them with `zero_division=0`.
 * @param matrix square, [true class][predicted class], counts
 */
export function classMetrics(matrix: readonly (readonly number[])[]): ClassScores[] {
  return counts(matrix).map(({ truePositives, predicted, support }) => ({
    precision: ratio(truePositives, predicted),
    recall: ratio(truePositives, support),
    f1: ratio(2 * truePositives, predicted + support),
    support,
  }));
}

/**
 * Mean F1 of the classes, each of the same weight, as scikit-learn's `f1_score(average="macro", zero_division=0)`: a class that stands
 * neither among the labels nor among the predictions is left out.
 * @param matrix square, [true class][predicted class], counts
 * @returns 0 to 1; NaN when the matrix holds no example
 */
export function macroF1(matrix: readonly (readonly number[])[]): number {
  const present = counts(matrix).filter(({ predicted, support }) => predicted + support > 0);
  return (
    present.reduce((sum, { truePositives, predicted, support }) => sum + ratio(2 * truePositives, predicted + support), 0) / present.length
  );
}

function counts(matrix: readonly (readonly number[])[]): { truePositives: number; predicted: number; support: number }[] {
  return matrix.map((row, index) => ({
    truePositives: row[index] ?? 0,
    predicted: matrix.reduce((sum, other) => sum + (other[index] ?? 0), 0),
    support: row.reduce((sum, count) => sum + count, 0),
  }));
}

function ratio(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}
