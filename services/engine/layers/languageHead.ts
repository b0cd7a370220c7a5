import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { logitsAtOnce as defaultLogitsAtOnce } from "#core/models/logitsAtOnce.js";
import { concatRows, free, gatherRows, matMul, sliceVector, sumIntoRows } from "../ops.js";
import { sumOf } from "../tensorflow.js";
import * as crossEntropy from "./crossEntropy.js";

/** Which rows are to predict what, with which weight. */
export interface LanguageHeadCall {
  /** [rows, hidden] */
  x: Tensor;
  /** [vocabulary, hidden] */
  weight: Tensor;
  /** int32 [k], the rows of x whose next token is to be predicted. */
  rowsOf: Tensor;
  /** int32 [k], those next tokens. */
  labels: Tensor;
  /** Logits that are in memory at once, if there are more; by default 2^24, 64 MiB. */
  logitsAtOnce?: number;
}

/** What a pass over the head gives. */
export interface LanguageHeadGradients {
  /** Sum of the losses of the chosen rows. */
  lossSum: number;
  /** Chosen rows whose most probable token is their label. */
  correct: number;
  /** [rows, hidden], 0 at rows that were not chosen. */
  dx: Tensor;
}

/**
 * Cross entropy of the logits x W' at the chosen rows, and its gradients. Logits exist for some rows at a time: those of all rows at once
 * would be the largest tensor of the whole step.
 * @param call.lossWeight weight of a row's loss in the step's: 1 / predicted tokens of the whole step for their mean
 * @param call.weightSink receives the weight's gradient [vocabulary, hidden] in parts that add up, one at least, and owns them: whoever adds
 *   gradients anyway adds them, so that there is no second sum; `undefined`: the weight is not trained
 */
export function forwardBackward(
  call: LanguageHeadCall & { lossWeight: number; weightSink: ((gradient: Tensor) => void) | undefined },
): LanguageHeadGradients {
  const { x, weight, rowsOf, lossWeight, weightSink } = call;
  let lossSum = 0;
  let correct = 0;
  const parts: Tensor[] = [];
  for (const { chosen, labels } of chunks(call)) {
    const logits = matMul(chosen, weight, false, true);
    const result = crossEntropy.forward(logits, labels, lossWeight);
    free(logits);
    lossSum += sumOf(result.loss);
    correct += sumOf(result.correct);
    parts.push(matMul(result.slope, weight));
    const dWeight = weightSink && matMul(result.slope, chosen, true);
    free(result.loss, result.correct, result.slope);
    if (dWeight) weightSink(dWeight);
  }
  const dChosen = concatRows(parts);
  const dx = sumIntoRows(dChosen, rowsOf, x.shape[0]);
  free(dChosen, ...parts);
  return { lossSum, correct, dx };
}

/**
 * Without gradients, for validation.
 * @returns of each chosen row its loss [k], and 1 where its most probable token is its label [k]
 */
export function losses(call: LanguageHeadCall): { losses: Float32Array; correct: Float32Array } {
  const k = call.rowsOf.size;
  const all = { losses: new Float32Array(k), correct: new Float32Array(k) };
  for (const { from, chosen, labels } of chunks(call)) {
    const logits = matMul(chosen, call.weight, false, true);
    const { loss, correct } = crossEntropy.losses(logits, labels);
    all.losses.set(loss.dataSync<"float32">(), from);
    all.correct.set(correct.dataSync<"float32">(), from);
    free(logits, loss, correct);
  }
  return all;
}

/** The chosen rows [n, hidden] and their labels [n], some at a time; at least once, and freed when the next ones are asked for. */
function* chunks({
  x,
  weight,
  rowsOf,
  labels,
  logitsAtOnce = defaultLogitsAtOnce,
}: LanguageHeadCall): Generator<{ from: number; chosen: Tensor; labels: Tensor }> {
  if (labels.size !== rowsOf.size) throw new RangeError(`there are ${rowsOf.size} rows to predict from and ${labels.size} labels`);
  const most = Math.max(1, Math.floor(logitsAtOnce / weight.shape[0]));
  // Chunks of about the same size: a last one of few rows would compute at a fraction of the speed.
  const count = Math.max(1, Math.ceil(rowsOf.size / most));
  for (let chunk = 0; chunk < count; chunk++) {
    const from = Math.floor((chunk * rowsOf.size) / count);
    const size = Math.floor(((chunk + 1) * rowsOf.size) / count) - from;
    const [rows, own] = [sliceVector(rowsOf, from, size), sliceVector(labels, from, size)];
    const chosen = gatherRows(x, rows);
    yield { from, chosen, labels: own };
    free(rows, own, chosen);
  }
}
