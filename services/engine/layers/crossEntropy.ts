import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { free, scale } from "../ops.js";
import { runOpOutputs } from "../tensorflow.js";

/** Softmax minus one-hot [n, classes], owned here. */
export interface CrossEntropySaved {
  slope: Tensor;
}

/**
 * -log softmax(logits)[label] of each row.
 * @param logits [n, classes]
 * @param labels int32 [n], each from 0 to classes - 1
 * @returns y [n]
 */
export function forward(logits: Tensor, labels: Tensor): { y: Tensor; saved: CrossEntropySaved } {
  const [y, slope] = runOpOutputs("SparseSoftmaxCrossEntropyWithLogits", [logits, labels], {}, 2) as [Tensor, Tensor];
  return { y, saved: { slope } };
}

/**
 * Frees what `forward` saved.
 * @param weight of each row's loss in the step's loss: 1 / examples of the whole step for their mean
 * @returns dx [n, classes]
 */
export function backward(weight: number, { slope }: CrossEntropySaved): { dx: Tensor } {
  const dx = scale(slope, weight);
  free(slope);
  return { dx };
}
