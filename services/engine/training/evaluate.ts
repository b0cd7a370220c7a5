import { isDecoder } from "#core/models/modelConfig.js";
import { argmax } from "#core/statistics/argmax.js";
import { logLoss } from "#core/statistics/logLoss.js";
import type { ShouldStop } from "../cancellation.js";
import type { Model } from "../models/model.js";
import { batchedLogits } from "../prediction/batchedLogits.js";
import { batchedTokenLosses } from "../prediction/batchedTokenLosses.js";
import type { EncodedExample } from "./encodedExample.js";

/** Means over a split. */
export interface SplitMetrics {
  /** Over what the examples predict: cross entropy of classes or tokens, squared error of numbers. */
  loss: number;
  /** Left out where numbers are predicted. */
  accuracy?: number;
  tokens: number;
}

/** Loss and accuracy over a split, without dropout. @throws Cancelled */
export async function evaluate(
  model: Model,
  examples: readonly EncodedExample[],
  maxTokens: number,
  shouldStop: ShouldStop,
): Promise<SplitMetrics> {
  const tokens = examples.reduce((sum, { encoding }) => sum + encoding.ids.length, 0);
  const { config } = model;
  if (model.head.task === "causal_lm" && isDecoder(config)) {
    const sums = { loss: 0, correct: 0, predicted: 0 };
    const sequences = examples.map(({ encoding, completion }) => ({ ids: encoding.ids, completion }));
    for await (const batch of batchedTokenLosses({ ...model, config }, sequences, maxTokens, shouldStop))
      for (const { losses, correct } of batch) {
        sums.loss += losses.reduce((sum, loss) => sum + loss, 0);
        sums.correct += correct;
        sums.predicted += losses.length;
      }
    return { loss: sums.loss / sums.predicted, accuracy: sums.correct / sums.predicted, tokens };
  }
  const outputs: { label: number; logits: number[] }[] = [];
  const encodings = examples.map(({ encoding }) => encoding);
  for await (const batch of batchedLogits(model, encodings, maxTokens, shouldStop))
    for (const { index, logits } of batch) outputs.push({ label: (examples[index] as EncodedExample).label, logits });
  if (model.head.task === "regression") {
    const squares = outputs.map(({ label, logits }) => ((logits[0] as number) - label) ** 2);
    return { loss: squares.reduce((sum, square) => sum + square, 0) / squares.length, tokens };
  }
  const correct = outputs.filter(({ label, logits }) => argmax(logits) === label).length;
  return { loss: logLoss(outputs), accuracy: correct / examples.length, tokens };
}
