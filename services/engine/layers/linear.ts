import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { biasAdd, free, matMul, sumAxis } from "../ops.js";

/** weight [out, in], bias [out]. */
export interface LinearParameters {
  weight: Tensor;
  bias: Tensor;
}

/** The layer's input and weight; both belong to the caller. */
export interface LinearSaved {
  x: Tensor;
  weight: Tensor;
}

/**
 * y = x W' + b.
 * @param x [rows, in]
 * @returns y [rows, out]
 */
export function forward(x: Tensor, { weight, bias }: LinearParameters): { y: Tensor; saved: LinearSaved } {
  const product = matMul(x, weight, false, true);
  const y = biasAdd(product, bias);
  free(product);
  return { y, saved: { x, weight } };
}

/**
 * @param dy [rows, out]
 * @returns dx [rows, in], and the gradients in the shapes of the parameters
 */
export function backward(dy: Tensor, { x, weight }: LinearSaved): { dx: Tensor; gradients: LinearParameters } {
  return { dx: matMul(dy, weight), gradients: { weight: matMul(dy, x, true), bias: sumAxis(dy, 0) } };
}

/**
 * x W' without the bias, for whoever adds it on the way.
 * @param x [rows, in]
 * @param weight [out, in]
 * @returns y [rows, out]
 */
export function multiply(x: Tensor, weight: Tensor): { y: Tensor; saved: LinearSaved } {
  return { y: matMul(x, weight, false, true), saved: { x, weight } };
}

/**
 * Of `multiply`.
 * @param dy [rows, out]
 * @returns dx [rows, in], and the weight's gradient [out, in]
 */
export function multiplyBackward(dy: Tensor, { x, weight }: LinearSaved): { dx: Tensor; dWeight: Tensor } {
  return { dx: matMul(dy, weight), dWeight: matMul(dy, x, true) };
}
