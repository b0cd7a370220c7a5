// Original file: stepwire/v1/study.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What a study will do, known before it runs.
 */
export interface StudyPlanInput {
  'tuning_runs'?: (number);
  'final_runs'?: (number);
  /**
   * Of all training jobs, one after the other.
   */
  'expected_seconds'?: (number | string);
  /**
   * The most that a run is expected to take.
   */
  'peak_memory_bytes'?: (number | string | Long);
}

/**
 * What a study will do, known before it runs.
 */
export interface StudyPlan {
  'tuning_runs': (number);
  'final_runs': (number);
  /**
   * Of all training jobs, one after the other.
   */
  'expected_seconds': (number);
  /**
   * The most that a run is expected to take.
   */
  'peak_memory_bytes': (string);
}
