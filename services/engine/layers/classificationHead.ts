import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { EncoderFamily } from "#core/models/encoderConfig.js";
import { free, gatherRows, sumIntoRows } from "../ops.js";
import { runOp } from "../tensorflow.js";
import * as dropout from "./dropout.js";
import * as linear from "./linear.js";

/** The activation between the two linear layers, and whether dropout comes before the first of them too. */
interface HeadKind {
  activation: "Tanh" | "Relu";
  dropsFirst: boolean;
}

const kinds: Readonly<Record<EncoderFamily, HeadKind>> = {
  bert: { activation: "Tanh", dropsFirst: false },
  distilbert: { activation: "Relu", dropsFirst: false },
  roberta: { activation: "Tanh", dropsFirst: true },
};

/** Both linear layers and their dropout (`key` `undefined`: none). */
export interface HeadCall {
  family: EncoderFamily;
  dense: linear.LinearParameters;
  classifier: linear.LinearParameters;
  rate: number;
  key: dropout.DropoutKey | undefined;
}

/** Owned here, but for `first` and the parameters. */
export interface HeadSaved {
  kind: HeadKind;
  first: Tensor;
  rows: number;
  firstDropout: dropout.DropoutSaved;
  dense: linear.LinearSaved;
  active: Tensor;
  dropout: dropout.DropoutSaved;
  classifier: linear.LinearSaved;
}

/**
 * Logits from each sequence's first token: a linear layer, tanh or ReLU, dropout, a linear layer.
 * Source: the classification heads of `transformers` for BERT (arXiv:1810.04805), DistilBERT (arXiv:1910.01108), RoBERTa (arXiv:1907.11692).
 * @param x [rows, hidden]
 * @param first int32 [n], the row of each sequence's first token
 * @returns y [n, classes], the caller's
 */
export function forward(x: Tensor, first: Tensor, call: HeadCall): { y: Tensor; saved: HeadSaved } {
  const { rate, key } = call;
  const kind = kinds[call.family];
  const heads = gatherRows(x, first);
  const dropped = dropout.forward(heads, kind.dropsFirst ? rate : 0, key, "head");
  if (dropped.y !== heads) free(heads);
  const dense = linear.forward(dropped.y, call.dense);
  const active = runOp(kind.activation, [dense.y]);
  free(dense.y);
  const kept = dropout.forward(active, rate, key, "classifier");
  const classifier = linear.forward(kept.y, call.classifier);
  return {
    y: classifier.y,
    saved: {
      kind,
      first,
      rows: x.shape[0],
      firstDropout: dropped.saved,
      dense: dense.saved,
      active,
      dropout: kept.saved,
      classifier: classifier.saved,
    },
  };
}

/**
 * Frees what `forward` saved.
 * @param dy [n, classes]
 * @returns dx [rows, hidden], 0 at all but the first tokens
 */
export function backward(
  dy: Tensor,
  { kind, first, rows, firstDropout, dense, active, dropout: kept, classifier }: HeadSaved,
): { dx: Tensor; gradients: { dense: linear.LinearParameters; classifier: linear.LinearParameters } } {
  const outer = linear.backward(dy, classifier);
  const { dx: dActive } = dropout.backward(outer.dx, kept);
  const dDense = kind.activation === "Tanh" ? runOp("TanhGrad", [active, dActive]) : runOp("ReluGrad", [dActive, active]);
  const inner = linear.backward(dDense, dense);
  const { dx: dHeads } = dropout.backward(inner.dx, firstDropout);
  const dx = sumIntoRows(dHeads, first, rows);
  free(...new Set([outer.dx, dActive, dDense, inner.dx, dHeads, dense.x, classifier.x, active]));
  return { dx, gradients: { dense: inner.gradients, classifier: outer.gradients } };
}
