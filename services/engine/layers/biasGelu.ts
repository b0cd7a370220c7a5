import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { useKernels } from "../kernels.js";
import { add, biasAdd, free, mul, scale, sumAxis } from "../ops.js";
import { runOp, runOpOutputs, tf } from "../tensorflow.js";

/** What `forward` was given, which is the caller's; of the twin the shifted input and the distribution function at it, owned here. */
export interface BiasGeluSaved {
  x: Tensor;
  bias: Tensor;
  twin?: { shifted: Tensor; cdf: Tensor };
}

/**
 * z Phi(z) with z = x + bias and the exact distribution function (by erf).
 * Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", arXiv:1606.08415.
 * @param x [rows, n]
 * @param bias [n]
 * @returns y [rows, n]
 */
export function forward(x: Tensor, bias: Tensor): { y: Tensor; saved: BiasGeluSaved } {
  if (useKernels()) return { y: runOp("StepwireBiasGelu", [x, bias]), saved: { x, bias } };
  const shifted = biasAdd(x, bias);
  const half = tf.scalar(0.5);
  const scaled = scale(shifted, Math.SQRT1_2);
  const erf = runOp("Erf", [scaled]);
  const halved = mul(erf, half);
  const cdf = add(halved, half);
  const y = mul(shifted, cdf);
  free(half, scaled, erf, halved);
  return { y, saved: { x, bias, twin: { shifted, cdf } } };
}

/**
 * dy (Phi(z) + z phi(z)). Frees what `forward` saved.
 * @param dy [rows, n]
 * @returns dx [rows, n], and the bias's gradient [n]
 */
export function backward(dy: Tensor, { x, bias, twin }: BiasGeluSaved): { dx: Tensor; dBias: Tensor } {
  if (!twin) {
    const [dx, dBias] = runOpOutputs("StepwireBiasGeluGrad", [dy, x, bias], {}, 2) as [Tensor, Tensor];
    return { dx, dBias };
  }
  const { shifted, cdf } = twin;
  const squares = runOp("Square", [shifted]);
  const exponent = scale(squares, -0.5);
  const exponential = runOp("Exp", [exponent]);
  const density = scale(exponential, 1 / Math.sqrt(2 * Math.PI));
  const tail = mul(shifted, density);
  const slope = add(cdf, tail);
  const dx = mul(dy, slope);
  free(shifted, cdf, squares, exponent, exponential, density, tail, slope);
  return { dx, dBias: sumAxis(dx, 0) };
}
