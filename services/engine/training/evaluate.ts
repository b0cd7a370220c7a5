import { argmax } from "#core/statistics/argmax.js";
import { logLoss } from "#core/statistics/logLoss.js";
import type { ShouldStop } from "../cancellation.js";
import type { Model } from "../models/model.js";
import { batchedLogits } from "../prediction/batchedLogits.js";
import type { EncodedExample } from "./stepGradients.js";

/** Means over a split. */
export interface SplitMetrics {
  loss: number;
  accuracy: number;
  tokens: number;
}

/** Loss and accuracy over labelled sequences, without dropout. @throws Cancelled */
export async function evaluate(
  model: Model,
  examples: readonly EncodedExample[],
  maxTokens: number,
  shouldStop: ShouldStop,
): Promise<SplitMetrics> {
  const encodings = examples.map(({ encoding }) => encoding);
  const predictions: { label: number; logits: number[] }[] = [];
  for await (const batch of batchedLogits(model, encodings, maxTokens, shouldStop))
    for (const { index, logits } of batch) predictions.push({ label: (examples[index] as EncodedExample).label, logits });
  const correct = predictions.filter(({ label, logits }) => argmax(logits) === label).length;
  const tokens = encodings.reduce((sum, { ids }) => sum + ids.length, 0);
  return { loss: logLoss(predictions), accuracy: correct / examples.length, tokens };
}
