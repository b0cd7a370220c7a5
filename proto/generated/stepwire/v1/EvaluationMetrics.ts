// Original file: stepwire/v1/evaluation.proto

import type { IntervalInput as _stepwire_v1_IntervalInput, Interval as _stepwire_v1_Interval } from '../../stepwire/v1/Interval.js';
import type { ConfusionRowInput as _stepwire_v1_ConfusionRowInput, ConfusionRow as _stepwire_v1_ConfusionRow } from '../../stepwire/v1/ConfusionRow.js';
import type { ClassMetricsInput as _stepwire_v1_ClassMetricsInput, ClassMetrics as _stepwire_v1_ClassMetrics } from '../../stepwire/v1/ClassMetrics.js';
import type { Long } from '@grpc/proto-loader';

export interface EvaluationMetricsInput {
  'examples'?: (number);
  /**
   * Examples whose most probable class is right; of completions tokens. Not set where numbers are predicted.
   */
  'correct'?: (number | string | Long);
  /**
   * The share of these.
   */
  'accuracy'?: (_stepwire_v1_IntervalInput | null);
  /**
   * Mean cross entropy of classes or of completions' tokens, in nats, or mean squared error of numbers.
   */
  'loss'?: (number | string);
  /**
   * Unweighted mean of the classes' F1, a class without examples and predictions left out. Set for a classification, like all of classes,
   * confusion_matrix and class_metrics.
   */
  'macro_f1'?: (number | string);
  'classes'?: (string)[];
  /**
   * Rows are true classes, columns predicted ones, both in the order of `classes`.
   */
  'confusion_matrix'?: (_stepwire_v1_ConfusionRowInput)[];
  'class_metrics'?: (_stepwire_v1_ClassMetricsInput)[];
  /**
   * SHA-256 (hex) over the split's canonical rows: two evaluations with the same digest are paired.
   */
  'split_digest'?: (string);
  /**
   * SHA-256 (hex) of the weights.
   */
  'weights_digest'?: (string);
  /**
   * Stored file with one line an example: index and label, predicted, probabilities of a classification; target, predicted of a regression;
   * loss (a sum), tokens, correct of completions.
   */
  'predictions'?: (string);
  'seconds'?: (number | string);
  'loss_interval'?: (_stepwire_v1_IntervalInput | null);
  /**
   * Tokens of all completions.
   */
  'tokens'?: (number | string | Long);
  /**
   * Of completions: e to the loss.
   */
  'perplexity'?: (_stepwire_v1_IntervalInput | null);
  '_correct'?: "correct";
  '_macro_f1'?: "macro_f1";
  '_tokens'?: "tokens";
}

export interface EvaluationMetrics {
  'examples': (number);
  /**
   * Examples whose most probable class is right; of completions tokens. Not set where numbers are predicted.
   */
  'correct'?: (string);
  /**
   * The share of these.
   */
  'accuracy': (_stepwire_v1_Interval | null);
  /**
   * Mean cross entropy of classes or of completions' tokens, in nats, or mean squared error of numbers.
   */
  'loss': (number);
  /**
   * Unweighted mean of the classes' F1, a class without examples and predictions left out. Set for a classification, like all of classes,
   * confusion_matrix and class_metrics.
   */
  'macro_f1'?: (number);
  'classes': (string)[];
  /**
   * Rows are true classes, columns predicted ones, both in the order of `classes`.
   */
  'confusion_matrix': (_stepwire_v1_ConfusionRow)[];
  'class_metrics': (_stepwire_v1_ClassMetrics)[];
  /**
   * SHA-256 (hex) over the split's canonical rows: two evaluations with the same digest are paired.
   */
  'split_digest': (string);
  /**
   * SHA-256 (hex) of the weights.
   */
  'weights_digest': (string);
  /**
   * Stored file with one line an example: index and label, predicted, probabilities of a classification; target, predicted of a regression;
   * loss (a sum), tokens, correct of completions.
   */
  'predictions': (string);
  'seconds': (number);
  'loss_interval': (_stepwire_v1_Interval | null);
  /**
   * Tokens of all completions.
   */
  'tokens'?: (string);
  /**
   * Of completions: e to the loss.
   */
  'perplexity': (_stepwire_v1_Interval | null);
  '_correct'?: "correct";
  '_macro_f1'?: "macro_f1";
  '_tokens'?: "tokens";
}
