import { exponentialInterval, ratioInterval } from "../statistics/ratioInterval.js";
import { argmax } from "../statistics/argmax.js";
import { accuracy, correctCount } from "../statistics/accuracy.js";
import { confusionMatrix } from "../statistics/confusionMatrix.js";
import { classMetrics, macroF1 } from "../statistics/f1.js";
import { logLossInterval, softmax } from "../statistics/logLoss.js";
import type { EvaluationMetrics } from "./evaluation.js";

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

/** Metrics without what only who ran the evaluation knows. */
export type PredictionMetrics = Omit<EvaluationMetrics, "splitDigest" | "weightsDigest" | "predictions" | "seconds">;

/**
 * Accuracy with its Wilson interval, macro-F1, loss with its interval and confusion matrix of predicted classes.
 * Ties between logits go to the lowest class id, as argmax does everywhere.
 * @param classes label names, in the order of the logits
 * @param level confidence level, for example 0.95
 */
export function classificationMetrics(
  predictions: readonly Prediction[],
  classes: readonly string[],
  level: number,
): { metrics: PredictionMetrics; rows: PredictionRow[] } {
  const labels = predictions.map(({ label }) => label);
  const predicted = predictions.map(({ logits }) => argmax(logits));
  const matrix = confusionMatrix(labels, predicted, classes.length);
  const lossInterval = logLossInterval(predictions, level);
  return {
    metrics: {
      examples: predictions.length,
      correct: correctCount(matrix),
      accuracy: accuracy(matrix, level),
      loss: lossInterval.estimate,
      lossInterval,
      macroF1: macroF1(matrix),
      classes: [...classes],
      confusionMatrix: matrix,
      classMetrics: classMetrics(matrix).map((metrics, index) => ({ label: classes[index] ?? String(index), ...metrics })),
    },
    rows: predictions.map(({ label, logits }, index) => ({
      index,
      label,
      predicted: predicted[index] ?? 0,
      probabilities: softmax(logits),
    })),
  };
}

/**
 * Mean squared error of predicted numbers, with its interval.
 * @param outputs the number of each example, and what was predicted for it
 */
export function regressionMetrics(
  outputs: readonly { target: number; predicted: number }[],
  level: number,
): { metrics: PredictionMetrics; rows: { index: number; target: number; predicted: number }[] } {
  const squares = outputs.map(({ target, predicted }) => ({ sum: (predicted - target) ** 2, count: 1 }));
  const lossInterval = ratioInterval(squares, level);
  return {
    metrics: { ...noClasses, examples: outputs.length, loss: lossInterval.estimate, lossInterval },
    rows: outputs.map((output, index) => ({ index, ...output })),
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

/**
 * Loss and perplexity of completions with their intervals, and the share of tokens that were the most probable. The examples are independent, the
 * tokens of one are not.
 */
export function completionMetrics(
  outcomes: readonly CompletionOutcome[],
  level: number,
): { metrics: PredictionMetrics; rows: (CompletionOutcome & { index: number })[] } {
  const total = (of: (outcome: CompletionOutcome) => number) => outcomes.reduce((sum, outcome) => sum + of(outcome), 0);
  const over = (of: (outcome: CompletionOutcome) => number) =>
    ratioInterval(
      outcomes.filter(({ tokens }) => tokens > 0).map((outcome) => ({ sum: of(outcome), count: outcome.tokens })),
      level,
    );
  const lossInterval = over(({ loss }) => loss);
  return {
    metrics: {
      ...noClasses,
      examples: outcomes.length,
      correct: total(({ correct }) => correct),
      accuracy: over(({ correct }) => correct),
      tokens: total(({ tokens }) => tokens),
      loss: lossInterval.estimate,
      lossInterval,
      perplexity: exponentialInterval(lossInterval),
    },
    rows: outcomes.map((outcome, index) => ({ index, ...outcome })),
  };
}

const noClasses = { classes: [], confusionMatrix: [], classMetrics: [] };
