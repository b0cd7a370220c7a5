// Original file: stepwire/v1/evaluation.proto

import type { IntervalInput as _stepwire_v1_IntervalInput, Interval as _stepwire_v1_Interval } from '../../stepwire/v1/Interval.js';
import type { ConfusionRowInput as _stepwire_v1_ConfusionRowInput, ConfusionRow as _stepwire_v1_ConfusionRow } from '../../stepwire/v1/ConfusionRow.js';
import type { ClassMetricsInput as _stepwire_v1_ClassMetricsInput, ClassMetrics as _stepwire_v1_ClassMetrics } from '../../stepwire/v1/ClassMetrics.js';

export interface EvaluationMetricsInput {
  'examples'?: (number);
  'correct'?: (number);
  'accuracy'?: (_stepwire_v1_IntervalInput | null);
  /**
   * Mean cross entropy in nats.
   */
  'loss'?: (number | string);
  /**
   * Unweighted mean of the classes' F1, a class without examples and predictions left out.
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
   * Stored file with one line an example: index, label, predicted, probabilities.
   */
  'predictions'?: (string);
  'seconds'?: (number | string);
}

export interface EvaluationMetrics {
  'examples': (number);
  'correct': (number);
  'accuracy': (_stepwire_v1_Interval | null);
  /**
   * Mean cross entropy in nats.
   */
  'loss': (number);
  /**
   * Unweighted mean of the classes' F1, a class without examples and predictions left out.
   */
  'macro_f1': (number);
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
   * Stored file with one line an example: index, label, predicted, probabilities.
   */
  'predictions': (string);
  'seconds': (number);
}
