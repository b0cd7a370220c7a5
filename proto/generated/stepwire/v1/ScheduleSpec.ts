// Original file: stepwire/v1/training_job.proto

import type { StructInput as _google_protobuf_StructInput, Struct as _google_protobuf_Struct } from '../../google/protobuf/Struct.js';

/**
 * Learning rate as a function of the step.
 */
export interface ScheduleSpecInput {
  /**
   * "linear" (the default), "constant", "cosine", "cosine_with_restarts", "cosine_with_min_lr", "polynomial", "inverse_sqrt",
   * "warmup_stable_decay", "one_cycle" or "reduce_on_plateau"; see docs/schedules.md.
   */
  'name'?: (string);
  /**
   * Steps of linear warm-up; wins over warmup_ratio.
   */
  'warmup_steps'?: (number);
  /**
   * Share of all steps used for warm-up.
   */
  'warmup_ratio'?: (number | string);
  /**
   * The schedule's own options by name, for example `power`; those left out take its defaults.
   */
  'options'?: (_google_protobuf_StructInput | null);
  '_warmup_steps'?: "warmup_steps";
  '_warmup_ratio'?: "warmup_ratio";
}

/**
 * Learning rate as a function of the step.
 */
export interface ScheduleSpec {
  /**
   * "linear" (the default), "constant", "cosine", "cosine_with_restarts", "cosine_with_min_lr", "polynomial", "inverse_sqrt",
   * "warmup_stable_decay", "one_cycle" or "reduce_on_plateau"; see docs/schedules.md.
   */
  'name': (string);
  /**
   * Steps of linear warm-up; wins over warmup_ratio.
   */
  'warmup_steps'?: (number);
  /**
   * Share of all steps used for warm-up.
   */
  'warmup_ratio'?: (number);
  /**
   * The schedule's own options by name, for example `power`; those left out take its defaults.
   */
  'options': (_google_protobuf_Struct | null);
  '_warmup_steps'?: "warmup_steps";
  '_warmup_ratio'?: "warmup_ratio";
}
