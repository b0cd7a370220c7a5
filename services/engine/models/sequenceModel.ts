import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import * as crossEntropy from "../layers/crossEntropy.js";
import type { DropoutKey } from "../layers/dropout.js";
import { free } from "../ops.js";
import { sumOf, tf } from "../tensorflow.js";
import * as body from "./body.js";
import { type GradientSink, type Model, trainedOnly } from "./model.js";
import type { PackedBatch } from "./packBatch.js";
import * as sequenceHead from "./sequenceHead.js";

/** What one micro-batch gives. */
export interface MicroBatchResult {
  /** Sum of the losses of its examples. */
  lossSum: number;
  /** Examples whose most probable class is their label. */
  correct: number;
}

/**
 * Logits without dropout.
 * @returns [sequences, classes], the caller's
 */
export function predictLogits(model: Model, batch: PackedBatch): Tensor {
  return tf.tidy(() => sequenceHead.forward(model, body.infer(model, batch), batch, undefined).y);
}

type Labels = readonly number[] | ((logits: Float32Array) => readonly number[]);

/**
 * One forward and backward pass over a micro-batch.
 * @param labels class of each sequence, or what chooses them from the logits [n, classes], row by row
 * @param lossWeight weight of an example's loss in the step's: 1 / examples of the whole step
 * @param key of dropout; `undefined`: none
 * @param sink receives the gradients of the parameters that are trained
 */
export function lossAndGradients(
  model: Model,
  batch: PackedBatch,
  options: { labels: Labels; lossWeight: number; key: DropoutKey | undefined; sink: GradientSink },
): MicroBatchResult {
  const sink = trainedOnly(model, options.sink);
  const hidden = body.forward(model, batch, options.key);
  const head = sequenceHead.forward(model, hidden.y, batch, options.key);
  free(hidden.y);
  const given = typeof options.labels === "function" ? options.labels(head.y.dataSync<"float32">()) : options.labels;
  const labels = tf.tensor1d([...given], "int32");
  const { loss, correct, slope } = crossEntropy.forward(head.y, labels, options.lossWeight);
  const result = { lossSum: sumOf(loss), correct: sumOf(correct) };
  free(labels, loss, correct, head.y);
  const dHidden = sequenceHead.backward(slope, head.saved, sink);
  free(slope);
  body.backward(dHidden, hidden.saved, model, sink);
  return result;
}
