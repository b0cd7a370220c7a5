import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { add, free, gatherRows, matMul, sumIntoRows } from "../ops.js";
import { tf } from "../tensorflow.js";
import * as crossEntropy from "./crossEntropy.js";

/** The tokens that are to be predicted: the rows that predict them, and what they are. */
export interface Predictions {
  /** Rows of x, each at most once. */
  rows: readonly number[];
  /** The token after each of these rows. */
  labels: readonly number[];
}

/** Sum over the predictions, and how many were the most probable token. */
export interface LanguageLoss {
  lossSum: number;
  correct: number;
}

/**
 * The loss of the next tokens, -log softmax(x weight')[label], and its gradients. Logits are made for a part of the rows at a time, so that
 * memory does not grow with tokens times vocabulary.
 * @param x [rows, hidden]
 * @param weight [vocabulary, hidden]
 * @param options.weight of each prediction's loss in the step's: 1 / predictions of the whole step for their mean
 * @param options.wantsWeight whether the gradient of `weight` is wanted
 * @param options.draw chooses other labels from the logits [n, vocabulary]; `begin`: the first of them among the predictions
 * @returns dx [rows, hidden], 0 at rows that predict nothing that counts; dWeight [vocabulary, hidden]
 */
export function lossAndGradients(
  x: Tensor,
  weight: Tensor,
  predictions: Predictions,
  options: { weight: number; wantsWeight: boolean; draw?: (logits: Tensor, begin: number) => readonly number[] },
): LanguageLoss & { dx: Tensor; dWeight: Tensor | undefined } {
  const result: LanguageLoss = { lossSum: 0, correct: 0 };
  let dx: Tensor | undefined;
  let dWeight: Tensor | undefined;
  for (const part of parts(predictions, weight.shape[0] as number)) {
    const indices = tf.tensor1d(part.rows, "int32");
    const hidden = gatherRows(x, indices);
    const logits = matMul(hidden, weight, false, true);
    const labels = options.draw?.(logits, part.begin) ?? part.labels;
    const { loss, correct, slope } = crossEntropy.lossAndSlope(logits, labels, options.weight);
    free(logits);
    result.lossSum += total(loss);
    result.correct += correct;
    const dHidden = matMul(slope, weight);
    dx = added(dx, sumIntoRows(dHidden, indices, x.shape[0] as number));
    if (options.wantsWeight) dWeight = added(dWeight, matMul(slope, hidden, true));
    free(indices, hidden, slope, dHidden);
  }
  return { ...result, dx: dx ?? tf.zerosLike(x), dWeight: options.wantsWeight ? (dWeight ?? tf.zerosLike(weight)) : undefined };
}

/**
 * The losses without gradients.
 * @returns losses [predictions], in their order
 */
export function losses(x: Tensor, weight: Tensor, predictions: Predictions): { losses: number[]; correct: number } {
  const result = { losses: [] as number[], correct: 0 };
  for (const part of parts(predictions, weight.shape[0] as number)) {
    const indices = tf.tensor1d(part.rows, "int32");
    const hidden = gatherRows(x, indices);
    const logits = matMul(hidden, weight, false, true);
    const { loss, correct } = crossEntropy.losses(logits, part.labels);
    free(indices, hidden, logits);
    result.losses.push(...loss);
    result.correct += correct;
  }
  return result;
}

/** Logits that are alive at a time: 64 MB of them. */
const mostLogits = 2 ** 24;

function parts({ rows, labels }: Predictions, vocabulary: number): { begin: number; rows: number[]; labels: number[] }[] {
  const size = Math.max(1, Math.floor(mostLogits / vocabulary));
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, part) => {
    const begin = part * size;
    return { begin, rows: rows.slice(begin, begin + size), labels: labels.slice(begin, begin + size) };
  });
}

/** a + b, which are freed. */
function added(a: Tensor | undefined, b: Tensor): Tensor {
  if (!a) return b;
  const sum = add(a, b);
  free(a, b);
  return sum;
}

function total(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
