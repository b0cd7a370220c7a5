import { metricFacts } from "../comparisons/comparisonMetrics.js";
import { argmax } from "../statistics/argmax.js";
import { clusteredInterval } from "../statistics/clusteredInterval.js";
import type { Interval } from "../statistics/interval.js";
import { logLoss, softmax } from "../statistics/logLoss.js";
import { exponentialInterval, ratioInterval } from "../statistics/ratioInterval.js";
import { within } from "../statistics/within.js";
import { classPredictions, type Loss, withLoss } from "./classPredictions.js";
import type { IntervalSettings, PredictionMetrics } from "./evaluation.js";
import { lossInterval } from "./metricIntervals.js";

/** A model's output for one example. */
export interface Prediction {
  /** True class id. */
  label: number;
  /** One a class. */
  logits: ArrayLike<number>;
}

/** One stored prediction of a class: later comparisons are paired by `index`. */
export interface PredictionRow {
  index: number;
  label: number;
  predicted: number;
  probabilities: number[];
}

/**
 * Metrics of predicted classes, each with its interval, and the confusion matrix.
 * Ties between logits go to the lowest class id, as argmax does everywhere.
 * @param classes label names, in the order of the logits
 */
export function classificationMetrics(
  predictions: readonly Prediction[],
  classes: readonly string[],
  settings: IntervalSettings,
): { metrics: PredictionMetrics; rows: PredictionRow[] } {
  const collected = classPredictions(predictions.length, classes);
  const rows = predictions.map(({ label, logits }, index): PredictionRow => {
    const row = { index, label, predicted: argmax(logits), probabilities: softmax(logits) };
    // From logits: a probability that is rounded to 0 has a finite loss.
    collected.add({ ...row, loss: logLoss([{ label, logits }]) });
    return row;
  });
  return { metrics: collected.metrics(settings), rows };
}

/**
 * Mean squared error of predicted numbers, with its interval.
 * @param squaredErrors one an example
 * @param groups which group each example is of, where examples of one are alike
 */
export function regressionMetrics(
  squaredErrors: Float64Array,
  settings: IntervalSettings,
  groups?: ArrayLike<number>,
): PredictionMetrics & Loss {
  return {
    ...noClasses,
    examples: squaredErrors.length,
    ...withLoss(within(lossInterval(squaredErrors, settings, groups), metricFacts.loss.range)),
  };
}

/** What a language model made of one completion. */
export interface CompletionOutcome {
  /** Sum over its tokens, in nats. */
  loss: number;
  tokens: number;
  /** Tokens that were the most probable. */
  correct: number;
}

/**
 * @param losses of its tokens, in nats
 * @param correct how many of them were the most probable
 */
export function completionOutcome(losses: Float32Array, correct: number): CompletionOutcome {
  return { loss: losses.reduce((sum, loss) => sum + loss, 0), tokens: losses.length, correct };
}

/** What a language model made of completions, in columns. */
export interface CompletionColumns {
  /** Sums over the tokens of each, in nats. */
  losses: ArrayLike<number>;
  tokens: ArrayLike<number>;
  /** How many of its tokens were the most probable. */
  correct: ArrayLike<number>;
}

/** @param outcomes one a completion */
export function completionColumns(outcomes: readonly CompletionOutcome[]): CompletionColumns {
  const column = (of: (outcome: CompletionOutcome) => number) => Float64Array.from(outcomes, of);
  return { losses: column(({ loss }) => loss), tokens: column(({ tokens }) => tokens), correct: column(({ correct }) => correct) };
}

/**
 * Loss and perplexity of completions with their intervals, and the share of tokens that were the most probable. The examples are independent, the
 * tokens of one are not.
 * @param groups which group each completion is of, where those of one are alike
 */
export function completionMetrics(
  { losses, tokens, correct }: CompletionColumns,
  { level }: IntervalSettings,
  groups?: ArrayLike<number>,
): PredictionMetrics & Loss {
  // One without tokens says nothing, and is no example.
  const spoken = Array.prototype.every.call(tokens, (count: number) => count > 0) ? undefined : withTokens(tokens);
  const of = (values: ArrayLike<number>) => spoken?.map((index) => values[index] as number) ?? values;
  const over = (sums: ArrayLike<number>): Interval =>
    groups ? clusteredInterval(sums, groups, level, tokens) : ratioInterval(of(sums), of(tokens), level);
  const loss = within(over(losses), metricFacts.loss.range);
  return {
    ...noClasses,
    examples: tokens.length,
    correct: total(correct),
    accuracy: within(over(correct), metricFacts.accuracy.range),
    tokens: total(tokens),
    ...withLoss(loss),
    perplexity: exponentialInterval(loss),
  };
}

function withTokens(tokens: ArrayLike<number>): number[] {
  return Array.from(tokens).flatMap((count, index) => (count > 0 ? [index] : []));
}

function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] as number;
  return sum;
}

const noClasses = { classes: [], confusionMatrix: [], classMetrics: [] };
