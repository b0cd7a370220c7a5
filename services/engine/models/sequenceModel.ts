import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import * as crossEntropy from "../layers/crossEntropy.js";
import type { DropoutKey } from "../layers/dropout.js";
import * as squaredError from "../layers/squaredError.js";
import { free } from "../ops.js";
import { sumOf, tf } from "../tensorflow.js";
import * as body from "./body.js";
import { type GradientSink, type MicroBatchResult, type Model, trainedOnly } from "./model.js";
import type { PackedBatch } from "./packBatch.js";
import * as sequenceHead from "./sequenceHead.js";

/**
 * Logits without dropout.
 * @returns [sequences, outputs], the caller's
 */
export function predictLogits(model: Model, batch: PackedBatch): Tensor {
  return tf.tidy(() => sequenceHead.forward(model, body.infer(model, batch), batch, undefined).y);
}

/** Class ids or numbers, one a sequence, or what chooses them from the outputs [n, outputs], row by row. */
export type Targets = readonly number[] | ((outputs: Float32Array) => readonly number[]);

/**
 * One forward and backward pass over a micro-batch: cross entropy of classes, or the square of a number's error.
 * @param options.targets of the sequences, in the batch's order
 * @param options.lossWeight weight of an example's loss in the step's: 1 / examples of the whole step
 * @param options.key of dropout; `undefined`: none
 * @param options.sink receives the gradients of the parameters that are trained
 */
export function lossAndGradients(
  model: Model,
  batch: PackedBatch,
  options: { targets: Targets; lossWeight: number; key: DropoutKey | undefined; sink: GradientSink },
): MicroBatchResult {
  const sink = trainedOnly(model, options.sink);
  const hidden = body.forward(model, batch, options.key);
  const head = sequenceHead.forward(model, hidden.y, batch, options.key);
  free(hidden.y);
  const targets = typeof options.targets === "function" ? options.targets(head.y.dataSync<"float32">()) : options.targets;
  const { slope, ...result } = lossOf(model, head.y, targets, options.lossWeight);
  free(head.y);
  const dHidden = sequenceHead.backward(slope, head.saved, sink);
  free(slope);
  body.backward(dHidden, hidden.saved, model, sink);
  return result;
}

/** The loss of outputs [n, outputs], with its gradient in their shape. */
function lossOf(model: Model, outputs: Tensor, targets: readonly number[], weight: number): MicroBatchResult & { slope: Tensor } {
  if (model.head.task === "regression") return squaredError.forward(outputs, targets, weight);
  const labels = tf.tensor1d([...targets], "int32");
  const { loss, correct, slope } = crossEntropy.forward(outputs, labels, weight);
  const result = { lossSum: sumOf(loss), correct: sumOf(correct), slope };
  free(labels, loss, correct);
  return result;
}
