import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { free, gatherRows, sumIntoRows } from "../ops.js";
import * as linear from "./linear.js";

/** Owned here, but for `last` and the weight. */
export interface LastTokenHeadSaved {
  last: Tensor;
  rows: number;
  linear: linear.LinearSaved;
}

/**
 * Logits from each sequence's last token, which has read all before it: a linear layer without a bias.
 * Source: the classification heads of `transformers` for GPT-2 and Llama.
 * @param x [rows, hidden]
 * @param last int32 [n], the row of each sequence's last token
 * @param weight [classes, hidden]
 * @returns y [n, classes], the caller's
 */
export function forward(x: Tensor, last: Tensor, weight: Tensor): { y: Tensor; saved: LastTokenHeadSaved } {
  const { y, saved } = linear.multiply(gatherRows(x, last), weight);
  return { y, saved: { last, rows: x.shape[0], linear: saved } };
}

/**
 * Frees what `forward` saved.
 * @param dy [n, classes]
 * @returns dx [rows, hidden], 0 at all but the last tokens, and the weight's gradient
 */
export function backward(dy: Tensor, { last, rows, linear: saved }: LastTokenHeadSaved): { dx: Tensor; dWeight: Tensor } {
  const dHeads = linear.inputGradient(dy, saved);
  const dWeight = linear.weightGradient(dy, saved);
  const dx = sumIntoRows(dHeads, last, rows);
  free(dHeads, saved.x);
  return { dx, dWeight };
}
