import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { biasAdd, free, matMul, sumAxis } from "../ops.js";

/** weight [out, in], bias [out]. */
export interface LinearParameters {
  weight: Tensor;
  bias: Tensor;
}

/** How a weight lies: [out, in] as in PyTorch's `Linear`, or [in, out] as in the first GPTs' `Conv1D`. */
export type WeightLayout = "output first" | "input first";

/** The layer's input and weight; both belong to the caller. */
export interface LinearSaved {
  x: Tensor;
  weight: Tensor;
  layout: WeightLayout;
}

/**
 * y = x W' + b.
 * @param x [rows, in]
 * @returns y [rows, out]
 */
export function forward(x: Tensor, { weight, bias }: LinearParameters): { y: Tensor; saved: LinearSaved } {
  const { y: product, saved } = multiply(x, weight);
  const y = biasAdd(product, bias);
  free(product);
  return { y, saved };
}

/**
 * @param dy [rows, out]
 * @returns dx [rows, in], and the gradients in the shapes of the parameters
 */
export function backward(dy: Tensor, saved: LinearSaved): { dx: Tensor; gradients: LinearParameters } {
  return { dx: inputGradient(dy, saved), gradients: { weight: weightGradient(dy, saved), bias: sumAxis(dy, 0) } };
}

/**
 * x W' without the bias, for whoever adds it on the way or has none.
 * @param x [rows, in]
 * @returns y [rows, out]
 */
export function multiply(x: Tensor, weight: Tensor, layout: WeightLayout = "output first"): { y: Tensor; saved: LinearSaved } {
  return { y: matMul(x, weight, false, layout === "output first"), saved: { x, weight, layout } };
}

/**
 * Of `multiply`.
 * @param dy [rows, out]
 * @returns dx [rows, in]
 */
export function inputGradient(dy: Tensor, { weight, layout }: LinearSaved): Tensor {
  return matMul(dy, weight, false, layout === "input first");
}

/**
 * Of `multiply`.
 * @param dy [rows, out]
 * @returns the weight's gradient in its shape
 */
export function weightGradient(dy: Tensor, { x, layout }: LinearSaved): Tensor {
  return layout === "output first" ? matMul(dy, x, true) : matMul(x, dy, true);
}
