import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { useKernels } from "../kernels.js";
import { add, free, meanAxis, mul, sub, sumAxis } from "../ops.js";
import { runOp, runOpOutputs, tf } from "../tensorflow.js";

/** Gain and bias, both [n]. */
export interface LayerNormParameters {
  weight: Tensor;
  bias: Tensor;
}

/** The normalised rows [rows, n] and 1 / standard deviation ([rows]; of the twin [rows, 1]), owned here; the gain is the caller's. */
export interface LayerNormSaved {
  normalised: Tensor;
  inverse: Tensor;
  weight: Tensor;
}

/**
 * Each row to mean 0 and variance 1, then gain and bias. The variance is the biased one.
 * Source: Ba, Kiros and Hinton, "Layer Normalization", arXiv:1607.06450.
 * @param x [rows, n]
 * @returns y [rows, n]
 */
export function forward(x: Tensor, { weight, bias }: LayerNormParameters, epsilon: number): { y: Tensor; saved: LayerNormSaved } {
  if (useKernels()) {
    const [y, normalised, inverse] = runOpOutputs("StepwireLayerNorm", [x, weight, bias], { epsilon: { float: epsilon } }, 3) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    return { y, saved: { normalised, inverse, weight } };
  }
  const mean = meanAxis(x, 1);
  const centred = sub(x, mean);
  const squares = runOp("Square", [centred]);
  const variance = meanAxis(squares, 1);
  const floor = tf.scalar(epsilon);
  const shifted = add(variance, floor);
  const inverse = runOp("Rsqrt", [shifted]);
  const normalised = mul(centred, inverse);
  const gained = mul(normalised, weight);
  const y = add(gained, bias);
  free(mean, centred, squares, variance, floor, shifted, gained);
  return { y, saved: { normalised, inverse, weight } };
}

/**
 * Frees what `forward` saved.
 * @param dy [rows, n]
 * @returns dx [rows, n], and the gradients in the shapes of the parameters
 */
export function backward(dy: Tensor, { normalised, inverse, weight }: LayerNormSaved): { dx: Tensor; gradients: LayerNormParameters } {
  if (inverse.rank === 1) {
    const [dx, dWeight, dBias] = runOpOutputs("StepwireLayerNormGrad", [dy, normalised, inverse, weight], {}, 3) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    free(normalised, inverse);
    return { dx, gradients: { weight: dWeight, bias: dBias } };
  }
  const weighted = mul(dy, normalised);
  const gradients = { weight: sumAxis(weighted, 0), bias: sumAxis(dy, 0) };
  free(weighted);
  const dNormalised = mul(dy, weight);
  const mean = meanAxis(dNormalised, 1);
  const along = mul(dNormalised, normalised);
  const meanAlong = meanAxis(along, 1);
  const pull = mul(normalised, meanAlong);
  const centred = sub(dNormalised, mean);
  const residue = sub(centred, pull);
  const dx = mul(residue, inverse);
  free(normalised, inverse, dNormalised, mean, along, meanAlong, pull, centred, residue);
  return { dx, gradients };
}
