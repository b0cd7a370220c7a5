import { argmax } from "../statistics/argmax.js";
import { accuracy, correctCount } from "../statistics/accuracy.js";
import { confusionMatrix } from "../statistics/confusionMatrix.js";
import { classMetrics, macroF1 } from "../statistics/f1.js";
import { logLoss, softmax } from "../statistics/logLoss.js";
import type { EvaluationMetrics } from "./evaluation.js";

/** A model's output for one example. */
export interface Prediction {
  /** True class id. */
  label: number;
  /** One a class. */
  logits: ArrayLike<number>;
}

/** One stored prediction: later comparisons are paired by `index`. */
export interface PredictionRow {
  index: number;
  label: number;
  predicted: number;
  probabilities: number[];
}

/**
 * Accuracy with its Wilson interval, macro-F1, loss and confusion matrix of predictions.
 * Ties between logits go to the lowest class id, as argmax does everywhere.
 * @param classes label names, in the order of the logits
 * @param level confidence level, for example 0.95
 */
export function evaluationMetrics(
  predictions: readonly Prediction[],
  classes: readonly string[],
  level: number,
): { metrics: Omit<EvaluationMetrics, "splitDigest" | "weightsDigest" | "predictions" | "seconds">; rows: PredictionRow[] } {
  const labels = predictions.map(({ label }) => label);
  const predicted = predictions.map(({ logits }) => argmax(logits));
  const matrix = confusionMatrix(labels, predicted, classes.length);
  return {
    metrics: {
      examples: predictions.length,
      correct: correctCount(matrix),
      accuracy: accuracy(matrix, level),
      loss: logLoss(predictions),
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
