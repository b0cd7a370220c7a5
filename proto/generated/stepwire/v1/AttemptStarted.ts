// Original file: stepwire/v1/training_job.proto


/**
 * Voids the points of earlier attempts from `from_step` on.
 */
export interface AttemptStartedInput {
  'attempt'?: (number);
  'from_step'?: (number);
}

/**
 * Voids the points of earlier attempts from `from_step` on.
 */
export interface AttemptStarted {
  'attempt': (number);
  'from_step': (number);
}
