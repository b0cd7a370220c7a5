import { lerp, type MatrixAlgebra, mean, rootMeanSquare, scale } from "./matrixAlgebra.js";

/**
 * A moving average of matrices without negative elements, of which only the means of its rows [rows, 1] and of its columns [1, columns] are
 * kept: Shazeer and Stern, 2018, arXiv:1804.04235, section 3.
 */
export interface FactoredMean<M> {
  readonly rows: M;
  readonly columns: M;
}

/** The average after one value more: beta * average + (1 - beta) * value. */
export function followFactored<M>(algebra: MatrixAlgebra<M>, value: M, average: FactoredMean<M>, beta: number): FactoredMean<M> {
  return {
    rows: lerp(algebra, mean(algebra, value, "columns"), average.rows, beta),
    columns: lerp(algebra, mean(algebra, value, "rows"), average.columns, beta),
  };
}

/** `a` over the root of the average's reconstruction, rows * columns / mean(rows). */
export function divideByRoot<M>(algebra: MatrixAlgebra<M>, a: M, { rows, columns }: FactoredMean<M>): M {
  const relative = algebra.div(rows, mean(algebra, rows, "all"));
  return algebra.div(a, algebra.matmul(algebra.sqrt(relative), algebra.sqrt(columns)));
}

/** `a`, scaled down to a root mean square of `threshold` where it has a larger one. */
export function clipByRms<M>(algebra: MatrixAlgebra<M>, a: M, threshold: number): M {
  const excess = scale(algebra, rootMeanSquare(algebra, a), 1 / threshold);
  return algebra.div(a, algebra.max(excess, algebra.constant(1)));
}
