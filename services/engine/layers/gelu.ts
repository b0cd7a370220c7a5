import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { add, free, mul, scale } from "../ops.js";
import { runOp, tf } from "../tensorflow.js";

/** The input, which is the caller's, and the normal distribution function at it [rows, n], owned here. */
export interface GeluSaved {
  x: Tensor;
  cdf: Tensor;
}

/**
 * x Phi(x), with the exact distribution function (by erf).
 * Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", arXiv:1606.08415.
 * @param x [rows, n]
 * @returns y [rows, n]
 */
export function forward(x: Tensor): { y: Tensor; saved: GeluSaved } {
  const half = tf.scalar(0.5);
  const scaled = scale(x, Math.SQRT1_2);
  const erf = runOp("Erf", [scaled]);
  const halved = mul(erf, half);
  const cdf = add(halved, half);
  const y = mul(x, cdf);
  free(half, scaled, erf, halved);
  return { y, saved: { x, cdf } };
}

/**
 * dy (Phi(x) + x phi(x)). Frees what `forward` saved.
 * @param dy [rows, n]
 */
export function backward(dy: Tensor, { x, cdf }: GeluSaved): { dx: Tensor } {
  const squares = runOp("Square", [x]);
  const exponent = scale(squares, -0.5);
  const exponential = runOp("Exp", [exponent]);
  const density = scale(exponential, 1 / Math.sqrt(2 * Math.PI));
  const tail = mul(x, density);
  const slope = add(cdf, tail);
  const dx = mul(dy, slope);
  free(cdf, squares, exponent, exponential, density, tail, slope);
  return { dx };
}
