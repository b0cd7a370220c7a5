import { argmax } from "../statistics/argmax.js";
import { binomialInterval } from "../statistics/binomialInterval.js";
import { brierScore } from "../statistics/brier.js";
import type { Confidence } from "../statistics/calibration.js";
import { calibrationInterval } from "../statistics/calibrationInterval.js";
import { correctCount } from "../statistics/accuracy.js";
import { confusionInterval, confusionMetrics } from "../statistics/confusionMetrics.js";
import { confusionMatrix } from "../statistics/confusionMatrix.js";
import { classMetrics } from "../statistics/f1.js";
import type { Interval } from "../statistics/interval.js";
import { logLoss, softmax } from "../statistics/logLoss.js";
import { exponentialInterval, ratioInterval } from "../statistics/ratioInterval.js";
import { type BootstrapOptions, bootstrapMean } from "../statistics/resampling/bootstrapInterval.js";
import { rocAucInterval } from "../statistics/rocAuc.js";
import type { EvaluationMetrics, IntervalSettings } from "./evaluation.js";

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

/** Up to so many examples a mean's interval is the bootstrap's; above, Student's t says the same and is much faster. */
const mostResampled = 20_000;

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
  const { level, interval } = settings;
  const rows = predictions.map(({ label, logits }, index): PredictionRow => ({
    index,
    label,
    predicted: argmax(logits),
    probabilities: softmax(logits),
  }));
  const labels = rows.map(({ label }) => label);
  const matrix = confusionMatrix(
    labels,
    rows.map(({ predicted }) => predicted),
    classes.length,
  );
  const losses = Float64Array.from(predictions, (prediction) => logLoss([prediction]));
  const lossInterval = meanInterval(losses, settings);
  const options = bootstrapOptions(settings);
  const confidences = rows.map(({ label, predicted, probabilities }) => ({
    confidence: probabilities[predicted] ?? Number.NaN,
    isRight: label === predicted,
  }));
  const scores = classes.map((_, id) => Float64Array.from(rows, ({ probabilities }) => probabilities[id] ?? Number.NaN));
  const correct = correctCount(matrix);
  return {
    metrics: {
      examples: predictions.length,
      correct,
      accuracy: binomialInterval(correct, predictions.length, level, interval),
      loss: lossInterval.estimate,
      lossInterval,
      macroF1: confusionInterval(matrix, confusionMetrics.macro_f1, options),
      microF1: confusionInterval(matrix, confusionMetrics.micro_f1, options),
      matthewsCorrelation: confusionInterval(matrix, confusionMetrics.matthews_correlation, options),
      balancedAccuracy: confusionInterval(matrix, confusionMetrics.balanced_accuracy, options),
      brier: meanInterval(
        Float64Array.from(rows, ({ label, probabilities }) => brierScore(probabilities, label)),
        settings,
      ),
      calibrationError: calibrationError(confidences, settings),
      rocAuc: rocAucInterval(labels, scores.length === 2 ? scores.slice(1) : scores, level),
      classes: [...classes],
      confusionMatrix: matrix,
      classMetrics: classMetrics(matrix).map((metrics, index) => ({ label: classes[index] ?? String(index), ...metrics })),
    },
    rows,
  };
}

function bootstrapOptions({ level, bootstrap }: IntervalSettings): BootstrapOptions {
  return { level, ...bootstrap };
}

function meanInterval(values: Float64Array, settings: IntervalSettings): Interval {
  if (values.length <= mostResampled) return bootstrapMean(values, bootstrapOptions(settings));
  return ratioInterval(
    Array.from(values, (sum) => ({ sum, count: 1 })),
    settings.level,
  );
}

/** Each resample goes through every example: of many examples fewer resamples do. */
function calibrationError(confidences: readonly Confidence[], settings: IntervalSettings): Interval {
  const { resamples } = settings.bootstrap;
  const fewer = Math.max(1000, Math.floor((resamples * mostResampled) / Math.max(mostResampled, confidences.length)));
  return calibrationInterval(confidences, { ...bootstrapOptions(settings), resamples: Math.min(resamples, fewer) });
}

/**
 * Mean squared error of predicted numbers, with its interval.
 * @param outputs the number of each example, and what was predicted for it
 */
export function regressionMetrics(
  outputs: readonly { target: number; predicted: number }[],
  settings: IntervalSettings,
): { metrics: PredictionMetrics; rows: { index: number; target: number; predicted: number }[] } {
  const lossInterval = meanInterval(
    Float64Array.from(outputs, ({ target, predicted }) => (predicted - target) ** 2),
    settings,
  );
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
  { level }: IntervalSettings,
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
