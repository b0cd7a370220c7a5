// Original file: stepwire/v1/training_job.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What a job will do, known before it runs.
 */
export interface TrainingPlanInput {
  'total_steps'?: (number);
  'steps_per_epoch'?: (number);
  'warmup_steps'?: (number);
  'train_rows'?: (number);
  'validation_rows'?: (number);
  /**
   * Estimated tokens over all steps, padding not counted.
   */
  'tokens'?: (number | string | Long);
  /**
   * Estimated peak memory of the runner, in bytes.
   */
  'peak_memory_bytes'?: (number | string | Long);
  /**
   * Estimated running time in seconds on this machine.
   */
  'expected_seconds'?: (number | string);
  'parameters'?: (number | string | Long);
  /**
   * 1, or with resume_from the step after that job's last one; tokens and expected_seconds are those from this step on.
   */
  'first_step'?: (number);
}

/**
 * What a job will do, known before it runs.
 */
export interface TrainingPlan {
  'total_steps': (number);
  'steps_per_epoch': (number);
  'warmup_steps': (number);
  'train_rows': (number);
  'validation_rows': (number);
  /**
   * Estimated tokens over all steps, padding not counted.
   */
  'tokens': (string);
  /**
   * Estimated peak memory of the runner, in bytes.
   */
  'peak_memory_bytes': (string);
  /**
   * Estimated running time in seconds on this machine.
   */
  'expected_seconds': (number);
  'parameters': (string);
  /**
   * 1, or with resume_from the step after that job's last one; tokens and expected_seconds are those from this step on.
   */
  'first_step': (number);
}
