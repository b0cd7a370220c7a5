import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { useKernels } from "../kernels.js";
import { add, biasAdd, free, sumAxis } from "../ops.js";
import { seedTensor } from "../seedWords.js";
import { runOpOutputs } from "../tensorflow.js";
import * as dropout from "./dropout.js";
import * as layerNorm from "./layerNorm.js";
import type { ResidualNormCall, ResidualNormSaved } from "./residualNorm.js";

/**
 * sum = x + dropout(branch + bias) and y = norm(sum), the end of both halves of a decoder layer: the sum goes on beside its norm.
 * @param x [rows, n]
 * @param branch [rows, n] and its bias [n]: a linear layer's two parts
 * @returns sum and y [rows, n]
 */
export function forward(
  x: Tensor,
  branch: { product: Tensor; bias: Tensor },
  call: ResidualNormCall,
): { sum: Tensor; y: Tensor; saved: ResidualNormSaved } {
  const { norm, epsilon, key, place } = call;
  const rate = key === undefined ? 0 : call.rate;
  const seed = key === undefined ? ([0, 0] as const) : dropout.seedWords(key, place);
  if (useKernels()) {
    const words = seedTensor(seed);
    const [y, normalised, inverse, sum] = runOpOutputs(
      "StepwireStreamNorm",
      [x, branch.product, branch.bias, words, norm.weight, norm.bias],
      { epsilon: { float: epsilon }, rate: { float: rate } },
      4,
    ) as [Tensor, Tensor, Tensor, Tensor];
    free(words);
    return { sum, y, saved: { norm: { normalised, inverse, weight: norm.weight }, rate, seed } };
  }
  const shifted = biasAdd(branch.product, branch.bias);
  const dropped = dropout.forward(shifted, rate, key, place);
  const sum = add(x, dropped.y);
  const { y, saved } = layerNorm.forward(sum, norm, epsilon);
  free(dropped.y);
  if (dropped.y !== shifted) free(shifted);
  return { sum, y, saved: { norm: saved, dropout: dropped.saved, rate, seed } };
}

/**
 * Frees what `forward` saved.
 * @param dSum [rows, n], the gradient of the sum that went on
 * @param dy [rows, n]
 * @returns dx and dBranch [rows, n], which are two tensors; gradients of the branch's bias and of the norm's parameters, [n] each
 */
export function backward(
  dSum: Tensor,
  dy: Tensor,
  saved: ResidualNormSaved,
): { dx: Tensor; dBranch: Tensor; dBranchBias: Tensor; gradients: layerNorm.LayerNormParameters } {
  if (!saved.dropout) {
    const { normalised, inverse, weight } = saved.norm;
    const words = seedTensor(saved.seed);
    const [dx, dBranch, dBranchBias, dWeight, dBias] = runOpOutputs(
      "StepwireStreamNormGrad",
      [dy, normalised, inverse, words, weight, dSum],
      { rate: { float: saved.rate } },
      5,
    ) as [Tensor, Tensor, Tensor, Tensor, Tensor];
    free(words, normalised, inverse);
    return { dx, dBranch, dBranchBias, gradients: { weight: dWeight, bias: dBias } };
  }
  const { dx: dNormed, gradients } = layerNorm.backward(dy, saved.norm);
  const dx = add(dSum, dNormed);
  free(dNormed);
  const { dx: dDropped } = dropout.backward(dx, saved.dropout);
  const dBranch = dDropped === dx ? dx.clone() : dDropped;
  return { dx, dBranch, dBranchBias: sumAxis(dBranch, 0), gradients };
}
