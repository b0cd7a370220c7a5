/**
 * Examples on the diagonal of a confusion matrix.
 * @param matrix square, [true class][predicted class], counts
 */
export function correctCount(matrix: readonly (readonly number[])[]): number {
  return matrix.reduce((sum, row, index) => sum + (row[index] ?? 0), 0);
}
