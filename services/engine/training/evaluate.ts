import { completionColumns, completionMetrics, completionOutcome, type CompletionOutcome } from "#core/evaluations/evaluationMetrics.js";
import { isDecoder } from "#core/models/modelConfig.js";
import type { Loss } from "#core/evaluations/classPredictions.js";
import { defaultIntervals, type PredictionMetrics } from "#core/evaluations/evaluation.js";
import { argmax } from "#core/statistics/argmax.js";
import type { Interval } from "#core/statistics/interval.js";
import { logLossInterval } from "#core/statistics/logLoss.js";
import { meanInterval } from "#core/statistics/ratioInterval.js";
import { wilsonInterval } from "#core/statistics/wilson.js";
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
  /** Loss, accuracy and perplexity with what there is of them, at 95%. */
  intervals: Record<string, Interval>;
}

const level = 0.95;

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
    const outcomes: CompletionOutcome[] = [];
    const sequences = examples.map(({ encoding, completion }) => ({ ids: encoding.ids, completion }));
    for await (const batch of batchedTokenLosses({ ...model, config }, sequences, maxTokens, shouldStop))
      for (const { index, losses, correct } of batch) outcomes[index] = completionOutcome(losses, correct);
    return { tokens, ...summary(completionMetrics(completionColumns(outcomes), { ...defaultIntervals, level })) };
  }
  const outputs: { label: number; logits: number[] }[] = [];
  const encodings = examples.map(({ encoding }) => encoding);
  for await (const batch of batchedLogits(model, encodings, maxTokens, shouldStop))
    for (const { index, logits } of batch) outputs.push({ label: (examples[index] as EncodedExample).label, logits });
  if (model.head.task === "regression") {
    // While a job trains an interval in closed form is enough.
    const loss = meanInterval(
      outputs.map(({ label, logits }) => ((logits[0] as number) - label) ** 2),
      level,
    );
    return { loss: loss.estimate, tokens, intervals: { loss } };
  }
  const correct = outputs.filter(({ label, logits }) => argmax(logits) === label).length;
  const loss = logLossInterval(outputs, level);
  return {
    loss: loss.estimate,
    accuracy: correct / examples.length,
    tokens,
    intervals: { loss, accuracy: wilsonInterval(correct, examples.length, level) },
  };
}

function summary({ loss, lossInterval, accuracy, perplexity }: PredictionMetrics & Loss): Omit<SplitMetrics, "tokens"> {
  return {
    loss,
    ...(accuracy && { accuracy: accuracy.estimate }),
    intervals: { loss: lossInterval, ...(perplexity && { perplexity }), ...(accuracy && { accuracy }) },
  };
}
