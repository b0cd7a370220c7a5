import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { free, gatherRows, sumIntoRows } from "../ops.js";
import { runOp } from "../tensorflow.js";
import * as linear from "./linear.js";

/** First token of each sequence, the linear layer's input [n, hidden] and the output [n, hidden], owned here; `first` is the caller's. */
export interface PoolerSaved {
  first: Tensor;
  rows: number;
  inner: linear.LinearSaved;
  y: Tensor;
}

/**
 * tanh of a linear layer over each sequence's first token.
 * Source: Devlin, Chang, Lee and Toutanova, "BERT", arXiv:1810.04805 (the released code's "pooler").
 * @param x [rows, hidden]
 * @param first int32 [n], the row of each sequence's first token
 * @returns y [n, hidden]; it stays the layer's until `backward`
 */
export function forward(x: Tensor, first: Tensor, parameters: linear.LinearParameters): { y: Tensor; saved: PoolerSaved } {
  const heads = gatherRows(x, first);
  const inner = linear.forward(heads, parameters);
  const y = runOp("Tanh", [inner.y]);
  free(inner.y);
  return { y, saved: { first, rows: x.shape[0], inner: inner.saved, y } };
}

/**
 * Frees what `forward` saved, its output with it.
 * @param dy [n, hidden]
 * @returns dx [rows, hidden], 0 at all but the first tokens
 */
export function backward(dy: Tensor, { first, rows, inner, y }: PoolerSaved): { dx: Tensor; gradients: linear.LinearParameters } {
  const dInner = runOp("TanhGrad", [y, dy]);
  const { dx: dHeads, gradients } = linear.backward(dInner, inner);
  const dx = sumIntoRows(dHeads, first, rows);
  free(dInner, dHeads, inner.x, y);
  return { dx, gradients };
}
