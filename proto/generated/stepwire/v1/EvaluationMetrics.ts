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
   * Mean cross entropy of classes or of completions' tokens, in nats, or mean squared error of numbers. Not set, like brier, calibration_error and
   * roc_auc, for classes that were predicted without probabilities.
   */
  'loss'?: (number | string);
  /**
   * Unweighted mean of the classes' F1, a class without examples and predictions left out. Set for a classification, like all of classes,
   * confusion_matrix and class_metrics, and the metrics from micro_f1 on.
   */
  'macro_f1'?: (_stepwire_v1_IntervalInput | null);
  'classes'?: (string)[];
  /**
   * Rows are true classes, columns predicted ones, both in the order of `classes`.
   */
  'confusion_matrix'?: (_stepwire_v1_ConfusionRowInput)[];
  'class_metrics'?: (_stepwire_v1_ClassMetricsInput)[];
  /**
   * SHA-256 (hex) over the split's canonical rows: two evaluations with the same digest are paired. Of predictions that were sent: over data set,
   * classes, true answers and groups, in their order.
   */
  'split_digest'?: (string);
  /**
   * SHA-256 (hex) of the weights; empty where predictions were sent.
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
  /**
   * F1 over all classes' decisions together: where every example has one label, the accuracy.
   */
  'micro_f1'?: (_stepwire_v1_IntervalInput | null);
  /**
   * -1 to 1; of several classes Gorodkin's.
   */
  'matthews_correlation'?: (_stepwire_v1_IntervalInput | null);
  /**
   * Mean recall of the classes that have examples.
   */
  'balanced_accuracy'?: (_stepwire_v1_IntervalInput | null);
  /**
   * Mean over examples of the sum over classes of squared errors of the probabilities: 0 to 2.
   */
  'brier'?: (_stepwire_v1_IntervalInput | null);
  /**
   * Expected calibration error, 15 bins of equal width.
   */
  'calibration_error'?: (_stepwire_v1_IntervalInput | null);
  /**
   * Of several classes the mean over classes, each against the others; DeLong's interval.
   */
  'roc_auc'?: (_stepwire_v1_IntervalInput | null);
  '_correct'?: "correct";
  '_loss'?: "loss";
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
   * Mean cross entropy of classes or of completions' tokens, in nats, or mean squared error of numbers. Not set, like brier, calibration_error and
   * roc_auc, for classes that were predicted without probabilities.
   */
  'loss'?: (number);
  /**
   * Unweighted mean of the classes' F1, a class without examples and predictions left out. Set for a classification, like all of classes,
   * confusion_matrix and class_metrics, and the metrics from micro_f1 on.
   */
  'macro_f1': (_stepwire_v1_Interval | null);
  'classes': (string)[];
  /**
   * Rows are true classes, columns predicted ones, both in the order of `classes`.
   */
  'confusion_matrix': (_stepwire_v1_ConfusionRow)[];
  'class_metrics': (_stepwire_v1_ClassMetrics)[];
  /**
   * SHA-256 (hex) over the split's canonical rows: two evaluations with the same digest are paired. Of predictions that were sent: over data set,
   * classes, true answers and groups, in their order.
   */
  'split_digest': (string);
  /**
   * SHA-256 (hex) of the weights; empty where predictions were sent.
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
  /**
   * F1 over all classes' decisions together: where every example has one label, the accuracy.
   */
  'micro_f1': (_stepwire_v1_Interval | null);
  /**
   * -1 to 1; of several classes Gorodkin's.
   */
  'matthews_correlation': (_stepwire_v1_Interval | null);
  /**
   * Mean recall of the classes that have examples.
   */
  'balanced_accuracy': (_stepwire_v1_Interval | null);
  /**
   * Mean over examples of the sum over classes of squared errors of the probabilities: 0 to 2.
   */
  'brier': (_stepwire_v1_Interval | null);
  /**
   * Expected calibration error, 15 bins of equal width.
   */
  'calibration_error': (_stepwire_v1_Interval | null);
  /**
   * Of several classes the mean over classes, each against the others; DeLong's interval.
   */
  'roc_auc': (_stepwire_v1_Interval | null);
  '_correct'?: "correct";
  '_loss'?: "loss";
  '_tokens'?: "tokens";
}
