import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { free, matMul, scale } from "../ops.js";
import * as dropout from "./dropout.js";

/** a [rank, in], b [out, rank]. */
export interface LowRankParameters {
  a: Tensor;
  b: Tensor;
}

/** What the product is multiplied by, and the dropout of its input (`key` `undefined`: none). */
export interface LowRankCall {
  factor: number;
  rate: number;
  key: dropout.DropoutKey | undefined;
  /** Keeps the dropouts of a model apart. */
  place: string;
}

/** Owned here, but for the parameters and an input of which nothing is dropped. */
export interface LowRankSaved extends LowRankParameters {
  input: Tensor;
  dropout: dropout.DropoutSaved;
  /** Whether `input` is the caller's. */
  lent: boolean;
  /** factor * input a', [rows, rank]. */
  low: Tensor;
  factor: number;
}

/**
 * factor * dropout(x) a' b', what an adapter adds to a linear layer.
 * Source: Hu et al., "LoRA", arXiv:2106.09685.
 * @param x [rows, in], the caller's until `backward` has run
 * @returns y [rows, out]
 */
export function forward(x: Tensor, { a, b }: LowRankParameters, call: LowRankCall): { y: Tensor; saved: LowRankSaved } {
  const { factor, rate, key, place } = call;
  const dropped = dropout.forward(x, rate, key, place);
  const product = matMul(dropped.y, a, false, true);
  const low = scale(product, factor);
  free(product);
  const y = matMul(low, b, false, true);
  return { y, saved: { a, b, input: dropped.y, dropout: dropped.saved, lent: dropped.y === x, low, factor } };
}

/**
 * Frees what `forward` saved.
 * @param dy [rows, out]
 * @returns dx [rows, in], and the gradients in the shapes of the parameters
 */
export function backward(dy: Tensor, saved: LowRankSaved): { dx: Tensor; gradients: LowRankParameters } {
  const { a, b, input, low, factor } = saved;
  const product = matMul(dy, b);
  const dLow = scale(product, factor);
  const gradients = { a: matMul(dLow, input, true), b: matMul(dy, low, true) };
  const dDropped = matMul(dLow, a);
  const { dx } = dropout.backward(dDropped, saved.dropout);
  free(product, dLow, low);
  if (dx !== dDropped) free(dDropped);
  if (!saved.lent) free(input);
  return { dx, gradients };
}
