import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { useKernels } from "../kernels.js";
import { add, biasAdd, free, mul, scale, sumAxis } from "../ops.js";
import { runOp, runOpOutputs, tf } from "../tensorflow.js";

/** Whether the distribution function is exact, by erf, or approximated by tanh as in the first GPTs. */
export type GeluForm = "erf" | "tanh";

/** What `forward` was given, which is the caller's; of the twin the shifted input and the distribution function at it, owned here. */
export interface BiasGeluSaved {
  x: Tensor;
  bias: Tensor;
  form: GeluForm;
  twin?: { shifted: Tensor; cdf: Tensor };
}

/**
 * z Phi(z) with z = x + bias.
 * Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", arXiv:1606.08415.
 * @param x [rows, n]
 * @param bias [n]
 * @returns y [rows, n]
 */
export function forward(x: Tensor, bias: Tensor, form: GeluForm = "erf"): { y: Tensor; saved: BiasGeluSaved } {
  if (useKernels()) return { y: runOp("StepwireBiasGelu", [x, bias], attributes(form)), saved: { x, bias, form } };
  const shifted = biasAdd(x, bias);
  const cdf = form === "erf" ? normalDistribution(shifted) : approximateDistribution(shifted);
  return { y: mul(shifted, cdf), saved: { x, bias, form, twin: { shifted, cdf } } };
}

/**
 * dy times the slope of z Phi(z). Frees what `forward` saved.
 * @param dy [rows, n]
 * @returns dx [rows, n], and the bias's gradient [n]
 */
export function backward(dy: Tensor, { x, bias, form, twin }: BiasGeluSaved): { dx: Tensor; dBias: Tensor } {
  if (!twin) {
    const [dx, dBias] = runOpOutputs("StepwireBiasGeluGrad", [dy, x, bias], attributes(form), 2) as [Tensor, Tensor];
    return { dx, dBias };
  }
  const { shifted, cdf } = twin;
  const density = form === "erf" ? normalDensity(shifted) : approximateDensity(shifted, cdf);
  const tail = mul(shifted, density);
  const slope = add(cdf, tail);
  const dx = mul(dy, slope);
  free(shifted, cdf, density, tail, slope);
  return { dx, dBias: sumAxis(dx, 0) };
}

function attributes(form: GeluForm) {
  return { tanh: { int: form === "tanh" ? 1 : 0 } };
}

/** (1 + erf(z / sqrt 2)) / 2. */
function normalDistribution(z: Tensor): Tensor {
  const scaled = scale(z, Math.SQRT1_2);
  const erf = runOp("Erf", [scaled]);
  const cdf = halfAbove(erf);
  free(scaled, erf);
  return cdf;
}

function normalDensity(z: Tensor): Tensor {
  const squares = runOp("Square", [z]);
  const exponent = scale(squares, -0.5);
  const exponential = runOp("Exp", [exponent]);
  const density = scale(exponential, 1 / Math.sqrt(2 * Math.PI));
  free(squares, exponent, exponential);
  return density;
}

/** (1 + tanh(sqrt(2 / pi) (z + 0.044715 z^3))) / 2. */
function approximateDistribution(z: Tensor): Tensor {
  const squares = runOp("Square", [z]);
  const bent = affine(squares, 0.044715, 1);
  const product = mul(z, bent);
  const inner = scale(product, Math.sqrt(2 / Math.PI));
  const tanh = runOp("Tanh", [inner]);
  const cdf = halfAbove(tanh);
  free(squares, bent, product, inner, tanh);
  return cdf;
}

/** The slope of `approximateDistribution`, 2 c (1 - c) sqrt(2 / pi) (1 + 3 * 0.044715 z^2). */
function approximateDensity(z: Tensor, cdf: Tensor): Tensor {
  const squares = runOp("Square", [z]);
  const factor = 2 * Math.sqrt(2 / Math.PI);
  const inner = affine(squares, 3 * 0.044715 * factor, factor);
  const rest = affine(cdf, -1, 1);
  const curve = mul(cdf, rest);
  const density = mul(curve, inner);
  free(squares, inner, rest, curve);
  return density;
}

/** (1 + x) / 2. */
function halfAbove(x: Tensor): Tensor {
  return affine(x, 0.5, 0.5);
}

/** factor x + offset. */
function affine(x: Tensor, factor: number, offset: number): Tensor {
  const product = scale(x, factor);
  const shift = tf.scalar(offset);
  const y = add(product, shift);
  free(product, shift);
  return y;
}
