// Original file: stepwire/v1/training_job.proto

import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.js';
import type { MetricKindInput as _stepwire_v1_MetricKindInput, MetricKind as _stepwire_v1_MetricKind } from '../../stepwire/v1/MetricKind.js';
import type { Long } from '@grpc/proto-loader';

/**
 * The values of one step of one attempt.
 */
export interface MetricPointInput {
  'uid'?: (string);
  'job'?: (string);
  'attempt'?: (number);
  /**
   * From 1.
   */
  'step'?: (number);
  'total_steps'?: (number);
  'epoch'?: (number | string);
  'time'?: (_google_protobuf_TimestampInput | null);
  'kind'?: (_stepwire_v1_MetricKindInput);
  /**
   * Mean loss over what the step's examples predict, before the update: cross entropy of classes or of completions' tokens in nats, or squared
   * errors of numbers.
   */
  'loss'?: (number | string);
  /**
   * Used by this step.
   */
  'learning_rate'?: (number | string);
  /**
   * Global L2 norm, before clipping.
   */
  'grad_norm'?: (number | string);
  'update_norm'?: (number | string);
  'param_norm'?: (number | string);
  'examples'?: (number);
  'tokens'?: (number | string | Long);
  'tokens_per_second'?: (number | string);
  'step_seconds'?: (number | string);
  /**
   * Accuracy: of the step's own batch for training points, of the split for evaluation points; of completions the share of tokens that were
   * the most probable. Not set for a regression.
   */
  'accuracy'?: (number | string);
  /**
   * Scalars that the optimizer reports, by name.
   */
  'optimizer_scalars'?: ({[key: string]: number | string});
  '_loss'?: "loss";
  '_learning_rate'?: "learning_rate";
  '_grad_norm'?: "grad_norm";
  '_update_norm'?: "update_norm";
  '_param_norm'?: "param_norm";
  '_tokens_per_second'?: "tokens_per_second";
  '_step_seconds'?: "step_seconds";
  '_accuracy'?: "accuracy";
}

/**
 * The values of one step of one attempt.
 */
export interface MetricPoint {
  'uid': (string);
  'job': (string);
  'attempt': (number);
  /**
   * From 1.
   */
  'step': (number);
  'total_steps': (number);
  'epoch': (number);
  'time': (_google_protobuf_Timestamp | null);
  'kind': (_stepwire_v1_MetricKind);
  /**
   * Mean loss over what the step's examples predict, before the update: cross entropy of classes or of completions' tokens in nats, or squared
   * errors of numbers.
   */
  'loss'?: (number);
  /**
   * Used by this step.
   */
  'learning_rate'?: (number);
  /**
   * Global L2 norm, before clipping.
   */
  'grad_norm'?: (number);
  'update_norm'?: (number);
  'param_norm'?: (number);
  'examples': (number);
  'tokens': (string);
  'tokens_per_second'?: (number);
  'step_seconds'?: (number);
  /**
   * Accuracy: of the step's own batch for training points, of the split for evaluation points; of completions the share of tokens that were
   * the most probable. Not set for a regression.
   */
  'accuracy'?: (number);
  /**
   * Scalars that the optimizer reports, by name.
   */
  'optimizer_scalars': ({[key: string]: number});
  '_loss'?: "loss";
  '_learning_rate'?: "learning_rate";
  '_grad_norm'?: "grad_norm";
  '_update_norm'?: "update_norm";
  '_param_norm'?: "param_norm";
  '_tokens_per_second'?: "tokens_per_second";
  '_step_seconds'?: "step_seconds";
  '_accuracy'?: "accuracy";
}
