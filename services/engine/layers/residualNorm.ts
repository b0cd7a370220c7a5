import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { useKernels } from "../kernels.js";
import { add, biasAdd, free, sumAxis } from "../ops.js";
import { seedTensor } from "../seedWords.js";
import { runOpOutputs } from "../tensorflow.js";
import * as dropout from "./dropout.js";
import * as layerNorm from "./layerNorm.js";

/** How a branch comes to its trunk: the norm's parameters and epsilon, and the branch's dropout (`key` `undefined`: none). */
export interface ResidualNormCall {
  norm: layerNorm.LayerNormParameters;
  epsilon: number;
  rate: number;
  key: dropout.DropoutKey | undefined;
  /** Keeps the dropouts of a model apart. */
  place: string;
}

/** Owned here, but for the gain. */
export interface ResidualNormSaved {
  norm: layerNorm.LayerNormSaved;
  /** Of the twin. */
  dropout?: dropout.DropoutSaved;
  rate: number;
  seed: readonly [number, number];
}

/**
 * norm(x + dropout(branch + bias)), the end of both halves of an encoder layer.
 * @param x [rows, n]
 * @param branch [rows, n] and its bias [n]: a linear layer's two parts
 * @returns y [rows, n]
 */
export function forward(
  x: Tensor,
  branch: { product: Tensor; bias: Tensor },
  call: ResidualNormCall,
): { y: Tensor; saved: ResidualNormSaved } {
  const { norm, epsilon, key, place } = call;
  const rate = key === undefined ? 0 : call.rate;
  const seed = key === undefined ? ([0, 0] as const) : dropout.seedWords(key, place);
  if (useKernels()) {
    const words = seedTensor(seed);
    const [y, normalised, inverse] = runOpOutputs(
      "StepwireResidualNorm",
      [x, branch.product, branch.bias, words, norm.weight, norm.bias],
      { epsilon: { float: epsilon }, rate: { float: rate } },
      3,
    ) as [Tensor, Tensor, Tensor];
    free(words);
    return { y, saved: { norm: { normalised, inverse, weight: norm.weight }, rate, seed } };
  }
  const shifted = biasAdd(branch.product, branch.bias);
  const dropped = dropout.forward(shifted, rate, key, place);
  const sum = add(x, dropped.y);
  const normed = layerNorm.forward(sum, norm, epsilon);
  free(sum, dropped.y);
  if (dropped.y !== shifted) free(shifted);
  return { y: normed.y, saved: { norm: normed.saved, dropout: dropped.saved, rate, seed } };
}

/**
 * Frees what `forward` saved.
 * @param dy [rows, n]
 * @returns dx and dBranch [rows, n], which are two tensors; gradients of the branch's bias and of the norm's parameters, [n] each
 */
export function backward(
  dy: Tensor,
  saved: ResidualNormSaved,
): { dx: Tensor; dBranch: Tensor; dBranchBias: Tensor; gradients: layerNorm.LayerNormParameters } {
  if (!saved.dropout) {
    const { normalised, inverse, weight } = saved.norm;
    const words = seedTensor(saved.seed);
    const [dx, dBranch, dBranchBias, dWeight, dBias] = runOpOutputs(
      "StepwireResidualNormGrad",
      [dy, normalised, inverse, words, weight],
      { rate: { float: saved.rate } },
      5,
    ) as [Tensor, Tensor, Tensor, Tensor, Tensor];
    free(words, normalised, inverse);
    return { dx, dBranch, dBranchBias, gradients: { weight: dWeight, bias: dBias } };
  }
  const { dx, gradients } = layerNorm.backward(dy, saved.norm);
  const { dx: dDropped } = dropout.backward(dx, saved.dropout);
  const dBranch = dDropped === dx ? dx.clone() : dDropped;
  return { dx, dBranch, dBranchBias: sumAxis(dBranch, 0), gradients };
}
