import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { useKernels } from "../kernels.js";
import { add, biasAdd, free, mul, scale, sub, sumAxis } from "../ops.js";
import { runOp, runOpOutputs, tf } from "../tensorflow.js";

/** How the distribution function is computed: `none`, by erf; `tanh`, as GPT-2 does (`gelu_new` in `transformers`). */
export type GeluApproximation = "none" | "tanh";

/** What `forward` was given, which is the caller's; of the twin the shifted input and the distribution function at it, owned here. */
export interface BiasGeluSaved {
  x: Tensor;
  bias: Tensor;
  approximation: GeluApproximation;
  twin?: { shifted: Tensor; cdf: Tensor };
}

/**
 * z Phi(z) with z = x + bias and the normal distribution function: 0.5 (1 + erf(z / sqrt(2))), or the approximation
 * 0.5 (1 + tanh(sqrt(2 / pi) (z + 0.044715 z^3))).
 * Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", arXiv:1606.08415.
 * @param x [rows, n]
 * @param bias [n]
 * @returns y [rows, n]
 */
export function forward(x: Tensor, bias: Tensor, approximation: GeluApproximation): { y: Tensor; saved: BiasGeluSaved } {
  const saved = { x, bias, approximation };
  if (useKernels()) return { y: runOp("StepwireBiasGelu", [x, bias], kernelAttributes(approximation)), saved };
  const shifted = biasAdd(x, bias);
  const cdf = approximation === "tanh" ? tanhDistribution(shifted) : erfDistribution(shifted);
  return { y: mul(shifted, cdf), saved: { ...saved, twin: { shifted, cdf } } };
}

/**
 * dy (Phi(z) + z phi(z)). Frees what `forward` saved.
 * @param dy [rows, n]
 * @returns dx [rows, n], and the bias's gradient [n]
 */
export function backward(dy: Tensor, { x, bias, approximation, twin }: BiasGeluSaved): { dx: Tensor; dBias: Tensor } {
  if (!twin) {
    const [dx, dBias] = runOpOutputs("StepwireBiasGeluGrad", [dy, x, bias], kernelAttributes(approximation), 2) as [Tensor, Tensor];
    return { dx, dBias };
  }
  const { shifted, cdf } = twin;
  const density = approximation === "tanh" ? tanhDensity(shifted, cdf) : normalDensity(shifted);
  const tail = mul(shifted, density);
  const slope = add(cdf, tail);
  const dx = mul(dy, slope);
  free(shifted, cdf, density, tail, slope);
  return { dx, dBias: sumAxis(dx, 0) };
}

function kernelAttributes(approximation: GeluApproximation): { tanh: { int: number } } {
  return { tanh: { int: approximation === "tanh" ? 1 : 0 } };
}

/** 0.5 (1 + erf(z / sqrt(2))). */
function erfDistribution(z: Tensor): Tensor {
  const half = tf.scalar(0.5);
  const scaled = scale(z, Math.SQRT1_2);
  const erf = runOp("Erf", [scaled]);
  const halved = mul(erf, half);
  const cdf = add(halved, half);
  free(half, scaled, erf, halved);
  return cdf;
}

/** exp(-z^2 / 2) / sqrt(2 pi). */
function normalDensity(z: Tensor): Tensor {
  const squares = runOp("Square", [z]);
  const exponent = scale(squares, -0.5);
  const exponential = runOp("Exp", [exponent]);
  const density = scale(exponential, 1 / Math.sqrt(2 * Math.PI));
  free(squares, exponent, exponential);
  return density;
}

/** sigmoid(2 u) with u = sqrt(2 / pi) (z + 0.044715 z^3), which is 0.5 (1 + tanh(u)). */
function tanhDistribution(z: Tensor): Tensor {
  const one = tf.scalar(1);
  const squares = runOp("Square", [z]);
  const scaled = scale(squares, 0.044715);
  const growth = add(scaled, one);
  const inner = mul(z, growth);
  const doubled = scale(inner, 2 * Math.sqrt(2 / Math.PI));
  const cdf = runOp("Sigmoid", [doubled]);
  free(one, squares, scaled, growth, inner, doubled);
  return cdf;
}

/** The derivative of `tanhDistribution`: cdf (1 - cdf) 2 sqrt(2 / pi) (1 + 3 * 0.044715 z^2). */
function tanhDensity(z: Tensor, cdf: Tensor): Tensor {
  const one = tf.scalar(1);
  const rest = sub(one, cdf);
  const product = mul(cdf, rest);
  const squares = runOp("Square", [z]);
  const scaled = scale(squares, 3 * 0.044715);
  const growth = add(scaled, one);
  const grown = mul(product, growth);
  const density = scale(grown, 2 * Math.sqrt(2 / Math.PI));
  free(one, rest, product, squares, scaled, growth, grown);
  return density;
}
