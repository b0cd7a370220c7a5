// Original file: stepwire/v1/training_job.proto

import type { TrainingOriginInput as _stepwire_v1_TrainingOriginInput, TrainingOrigin as _stepwire_v1_TrainingOrigin } from '../../stepwire/v1/TrainingOrigin.js';
import type { Long } from '@grpc/proto-loader';

/**
 * Of a job that goes on from another, tokens, train_seconds and skipped_steps are its own, without those before it.
 */
export interface TrainingResultInput {
  /**
   * The last step.
   */
  'steps'?: (number);
  /**
   * Loss of the last step that was not skipped.
   */
  'final_loss'?: (number | string);
  /**
   * On the whole validation split, after the last step.
   */
  'validation_loss'?: (number | string);
  'validation_accuracy'?: (number | string);
  'train_seconds'?: (number | string);
  'tokens'?: (number | string | Long);
  /**
   * Peak resident memory of the runner, in bytes.
   */
  'peak_memory_bytes'?: (number | string | Long);
  /**
   * SHA-256 (hex) of the saved weights.
   */
  'weights_digest'?: (string);
  /**
   * The folder of the checkpoint, readable by Python's transformers.
   */
  'checkpoint'?: (string);
  /**
   * What exactness depends on: threads, instruction set, versions.
   */
  'environment'?: ({[key: string]: string});
  /**
   * Steps skipped because of `on_nan: skip`.
   */
  'skipped_steps'?: (number);
  /**
   * What the training started from; not set by jobs from before it was recorded.
   */
  'origin'?: (_stepwire_v1_TrainingOriginInput | null);
  '_validation_loss'?: "validation_loss";
  '_validation_accuracy'?: "validation_accuracy";
}

/**
 * Of a job that goes on from another, tokens, train_seconds and skipped_steps are its own, without those before it.
 */
export interface TrainingResult {
  /**
   * The last step.
   */
  'steps': (number);
  /**
   * Loss of the last step that was not skipped.
   */
  'final_loss': (number);
  /**
   * On the whole validation split, after the last step.
   */
  'validation_loss'?: (number);
  'validation_accuracy'?: (number);
  'train_seconds': (number);
  'tokens': (string);
  /**
   * Peak resident memory of the runner, in bytes.
   */
  'peak_memory_bytes': (string);
  /**
   * SHA-256 (hex) of the saved weights.
   */
  'weights_digest': (string);
  /**
   * The folder of the checkpoint, readable by Python's transformers.
   */
  'checkpoint': (string);
  /**
   * What exactness depends on: threads, instruction set, versions.
   */
  'environment': ({[key: string]: string});
  /**
   * Steps skipped because of `on_nan: skip`.
   */
  'skipped_steps': (number);
  /**
   * What the training started from; not set by jobs from before it was recorded.
   */
  'origin': (_stepwire_v1_TrainingOrigin | null);
  '_validation_loss'?: "validation_loss";
  '_validation_accuracy'?: "validation_accuracy";
}
