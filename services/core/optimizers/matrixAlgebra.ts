/**
 * What whole-tensor transforms are written in: operations on matrices (a vector is a column, a number 1 x 1), once for all executors.
 * Element-wise operations of two matrices stretch axes of length 1, as numpy does.
 */
export interface MatrixAlgebra<M> {
  /** [rows, columns]. */
  shape(a: M): readonly [number, number];
  constant(value: number): M;
  zeros(rows: number, columns: number): M;
  add(a: M, b: M): M;
  sub(a: M, b: M): M;
  mul(a: M, b: M): M;
  div(a: M, b: M): M;
  max(a: M, b: M): M;
  sqrt(a: M): M;
  transpose(a: M): M;
  /** [m, k] x [k, n] -> [m, n], either side transposed on demand. */
  matmul(a: M, b: M, transposeA?: boolean, transposeB?: boolean): M;
  /** Over the rows, "rows": [1, columns]; over the columns, "columns": [rows, 1]; over all: [1, 1]. */
  sum(a: M, over: "rows" | "columns" | "all"): M;
  /** Q of a = QR, orthogonal whatever the rank of a [m, n], m >= n; R's diagonal is not negative. */
  orthogonalize(a: M): M;
  /** Eigenvectors of a symmetric matrix as columns, eigenvalues descending, each with a positive sum of elements times `signWeight`. */
  eigenvectors(a: M): M;
  /** The order of `keys` [1, columns] by descending value, for `permute`. */
  order(keys: M): M;
  /** Columns ("columns") or rows ("rows") of `a` in an order that `order` gave. */
  permute(a: M, order: M, axis: "rows" | "columns"): M;
}

/** A few more operations in terms of the algebra's own. */
export const scale = <M>(algebra: MatrixAlgebra<M>, a: M, factor: number): M => algebra.mul(a, algebra.constant(factor));
export const square = <M>(algebra: MatrixAlgebra<M>, a: M): M => algebra.mul(a, a);

/** Exponential moving average: beta * average + (1 - beta) * value. */
export const lerp = <M>(algebra: MatrixAlgebra<M>, value: M, average: M, beta: number): M =>
  algebra.add(scale(algebra, average, beta), scale(algebra, value, 1 - beta));

/** The mean, over the same axes as `sum`. */
export function mean<M>(algebra: MatrixAlgebra<M>, a: M, over: "rows" | "columns" | "all"): M {
  const [rows, columns] = algebra.shape(a);
  const count = over === "all" ? rows * columns : over === "rows" ? rows : columns;
  return scale(algebra, algebra.sum(a, over), 1 / count);
}

/** The root of the mean of squares: [1, 1]. */
export const rootMeanSquare = <M>(algebra: MatrixAlgebra<M>, a: M): M => algebra.sqrt(mean(algebra, square(algebra, a), "all"));

/** The sign of an eigenvector is arbitrary; it is chosen by the side of a plane, with normal weights under which no usual vector is in it. */
export const signWeight = (row: number): number => 1 / (row + Math.SQRT2);
