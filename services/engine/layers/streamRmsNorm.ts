import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { useKernels } from "../kernels.js";
import { add, free } from "../ops.js";
import { runOpOutputs } from "../tensorflow.js";
import * as rmsNorm from "./rmsNorm.js";

/**
 * sum = x + branch and y = rmsNorm(sum), the end of both halves of a decoder layer: the sum goes on beside its norm.
 * @param x [rows, n]
 * @param branch [rows, n]
 * @param norm.weight [n]
 * @returns sum [rows, n], the caller's until `backward` has run, and y [rows, n]
 */
export function forward(
  x: Tensor,
  branch: Tensor,
  { weight, epsilon }: { weight: Tensor; epsilon: number },
): { sum: Tensor; y: Tensor; saved: rmsNorm.RmsNormSaved } {
  if (useKernels()) {
    const outputs = runOpOutputs("StepwireStreamRmsNorm", [x, weight, branch], { epsilon: { float: epsilon } }, 3);
    const [y, inverse, sum] = outputs as [Tensor, Tensor, Tensor];
    return { sum, y, saved: { x: sum, inverse, weight } };
  }
  const sum = add(x, branch);
  return { sum, ...rmsNorm.forward(sum, weight, epsilon) };
}

/**
 * Frees what `forward` saved.
 * @param dSum [rows, n], the gradient of the sum that went on
 * @param dy [rows, n]
 * @returns dx [rows, n], which is the branch's gradient too, and the gain's [n]
 */
export function backward(dSum: Tensor, dy: Tensor, saved: rmsNorm.RmsNormSaved): { dx: Tensor; dWeight: Tensor } {
  const { x, inverse, weight } = saved;
  if (inverse.rank === 1) {
    const [dx, dWeight] = runOpOutputs("StepwireStreamRmsNormGrad", [dy, x, inverse, weight, dSum], {}, 2) as [Tensor, Tensor];
    free(inverse);
    return { dx, dWeight };
  }
  const { dx: dNormed, dWeight } = rmsNorm.backward(dy, saved);
  const dx = add(dSum, dNormed);
  free(dNormed);
  return { dx, dWeight };
}
