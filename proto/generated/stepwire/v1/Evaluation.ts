// Original file: stepwire/v1/evaluation.proto

import type { EvaluationStateInput as _stepwire_v1_EvaluationStateInput, EvaluationState as _stepwire_v1_EvaluationState } from '../../stepwire/v1/EvaluationState.js';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.js';
import type { EvaluationMetricsInput as _stepwire_v1_EvaluationMetricsInput, EvaluationMetrics as _stepwire_v1_EvaluationMetrics } from '../../stepwire/v1/EvaluationMetrics.js';
import type { JobErrorInput as _stepwire_v1_JobErrorInput, JobError as _stepwire_v1_JobError } from '../../stepwire/v1/JobError.js';
import type { EvaluationProgressInput as _stepwire_v1_EvaluationProgressInput, EvaluationProgress as _stepwire_v1_EvaluationProgress } from '../../stepwire/v1/EvaluationProgress.js';
import type { BootstrapSettingsInput as _stepwire_v1_BootstrapSettingsInput, BootstrapSettings as _stepwire_v1_BootstrapSettings } from '../../stepwire/v1/BootstrapSettings.js';
import type { PredictionSourceInput as _stepwire_v1_PredictionSourceInput, PredictionSource as _stepwire_v1_PredictionSource } from '../../stepwire/v1/PredictionSource.js';

/**
 * Predictions of one checkpoint on one split, or predictions that were made elsewhere, with metrics and intervals.
 */
export interface EvaluationInput {
  'id'?: (string);
  'uid'?: (string);
  'state'?: (_stepwire_v1_EvaluationStateInput);
  'create_time'?: (_google_protobuf_TimestampInput | null);
  'end_time'?: (_google_protobuf_TimestampInput | null);
  /**
   * The job whose final checkpoint is evaluated. Empty, like split, where predictions were sent.
   */
  'training_job'?: (string);
  /**
   * A split of the job's data set; empty: what the job validated on, "validation" where that was cut from the training split.
   */
  'split'?: (string);
  /**
   * Confidence level of the intervals; 0.95 when not set.
   */
  'level'?: (number | string);
  /**
   * Set when the state is SUCCEEDED.
   */
  'metrics'?: (_stepwire_v1_EvaluationMetricsInput | null);
  /**
   * Set when the state is FAILED.
   */
  'error'?: (_stepwire_v1_JobErrorInput | null);
  'attempt'?: (number);
  'progress'?: (_stepwire_v1_EvaluationProgressInput | null);
  /**
   * Interval of the accuracy: "wilson" (the default), "clopper-pearson", "agresti-coull" or "jeffreys".
   */
  'interval'?: (string);
  /**
   * Of the metrics whose interval has no closed form.
   */
  'bootstrap'?: (_stepwire_v1_BootstrapSettingsInput | null);
  /**
   * Set by EvaluatePredictions.
   */
  'source'?: (_stepwire_v1_PredictionSourceInput | null);
  '_level'?: "level";
}

/**
 * Predictions of one checkpoint on one split, or predictions that were made elsewhere, with metrics and intervals.
 */
export interface Evaluation {
  'id': (string);
  'uid': (string);
  'state': (_stepwire_v1_EvaluationState);
  'create_time': (_google_protobuf_Timestamp | null);
  'end_time': (_google_protobuf_Timestamp | null);
  /**
   * The job whose final checkpoint is evaluated. Empty, like split, where predictions were sent.
   */
  'training_job': (string);
  /**
   * A split of the job's data set; empty: what the job validated on, "validation" where that was cut from the training split.
   */
  'split': (string);
  /**
   * Confidence level of the intervals; 0.95 when not set.
   */
  'level'?: (number);
  /**
   * Set when the state is SUCCEEDED.
   */
  'metrics': (_stepwire_v1_EvaluationMetrics | null);
  /**
   * Set when the state is FAILED.
   */
  'error': (_stepwire_v1_JobError | null);
  'attempt': (number);
  'progress': (_stepwire_v1_EvaluationProgress | null);
  /**
   * Interval of the accuracy: "wilson" (the default), "clopper-pearson", "agresti-coull" or "jeffreys".
   */
  'interval': (string);
  /**
   * Of the metrics whose interval has no closed form.
   */
  'bootstrap': (_stepwire_v1_BootstrapSettings | null);
  /**
   * Set by EvaluatePredictions.
   */
  'source': (_stepwire_v1_PredictionSource | null);
  '_level'?: "level";
}
