import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { useKernels } from "../kernels.js";
import { add, free, meanAxis, mul, sub, sumAxis } from "../ops.js";
import { runOp, runOpOutputs, tf } from "../tensorflow.js";

/**
 * What was normalised and the gain, which are the caller's until `backward` has run, and 1 / its root mean square ([rows]; of the twin
 * [rows, 1]), owned here.
 */
export interface RmsNormSaved {
  x: Tensor;
  inverse: Tensor;
  weight: Tensor;
}

/**
 * x / sqrt(mean(x^2) + epsilon) * weight, row by row.
 * Source: Zhang and Sennrich, "Root Mean Square Layer Normalization", arXiv:1910.07467.
 * @param x [rows, n]
 * @param weight [n]
 * @returns y [rows, n]
 */
export function forward(x: Tensor, weight: Tensor, epsilon: number): { y: Tensor; saved: RmsNormSaved } {
  if (useKernels()) {
    const [y, inverse] = runOpOutputs("StepwireRmsNorm", [x, weight], { epsilon: { float: epsilon } }, 2) as [Tensor, Tensor];
    return { y, saved: { x, inverse, weight } };
  }
  const squares = runOp("Square", [x]);
  const mean = meanAxis(squares, 1);
  const offset = tf.scalar(epsilon);
  const shifted = add(mean, offset);
  const inverse = runOp("Rsqrt", [shifted]);
  const normalised = mul(x, inverse);
  const y = mul(normalised, weight);
  free(squares, mean, offset, shifted, normalised);
  return { y, saved: { x, inverse, weight } };
}

/**
 * Frees what `forward` saved.
 * @param dy [rows, n]
 * @returns dx [rows, n], and the gain's gradient [n]
 */
export function backward(dy: Tensor, { x, inverse, weight }: RmsNormSaved): { dx: Tensor; dWeight: Tensor } {
  if (inverse.rank === 1) {
    const [dx, dWeight] = runOpOutputs("StepwireRmsNormGrad", [dy, x, inverse, weight], {}, 2) as [Tensor, Tensor];
    free(inverse);
    return { dx, dWeight };
  }
  const normalised = mul(x, inverse);
  const products = mul(dy, normalised);
  const dWeight = sumAxis(products, 0);
  const weighted = mul(dy, weight);
  const along = mul(weighted, normalised);
  const mean = meanAxis(along, 1);
  const shared = mul(normalised, mean);
  const rest = sub(weighted, shared);
  const dx = mul(rest, inverse);
  free(inverse, normalised, products, weighted, along, mean, shared, rest);
  return { dx, dWeight };
}
