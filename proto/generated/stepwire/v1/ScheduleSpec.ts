// Original file: stepwire/v1/training_job.proto


/**
 * Learning rate as a function of the step.
 */
export interface ScheduleSpecInput {
  /**
   * "linear", "constant" or "cosine".
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
  '_warmup_steps'?: "warmup_steps";
  '_warmup_ratio'?: "warmup_ratio";
}

/**
 * Learning rate as a function of the step.
 */
export interface ScheduleSpec {
  /**
   * "linear", "constant" or "cosine".
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
  '_warmup_steps'?: "warmup_steps";
  '_warmup_ratio'?: "warmup_ratio";
}
