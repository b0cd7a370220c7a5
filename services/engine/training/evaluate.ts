import type { BertClassifier } from "../models/bertClassifier.js";
import { batchedLogits } from "../prediction/batchedLogits.js";
import type { EncodedExample } from "./stepGradients.js";

/** Means over a split. */
export interface SplitMetrics {
  loss: number;
  accuracy: number;
  tokens: number;
}

/** Loss and accuracy over labelled sequences, without dropout. */
export async function evaluate(model: BertClassifier, examples: readonly EncodedExample[], maxTokens: number): Promise<SplitMetrics> {
  let loss = 0;
  let correct = 0;
  const encodings = examples.map(({ encoding }) => encoding);
  for await (const batch of batchedLogits(model, encodings, maxTokens))
    for (const { index, logits } of batch) {
      const { label } = examples[index] as EncodedExample;
      loss += crossEntropy(logits, label);
      if (logits.indexOf(Math.max(...logits)) === label) correct += 1;
    }
  const tokens = encodings.reduce((sum, { ids }) => sum + ids.length, 0);
  return { loss: loss / examples.length, accuracy: correct / examples.length, tokens };
}

/** -log softmax(logits)[label], finite for any finite logits. */
function crossEntropy(logits: readonly number[], label: number): number {
  const highest = Math.max(...logits);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - highest), 0);
  return Math.log(sum) + highest - (logits[label] as number);
}
