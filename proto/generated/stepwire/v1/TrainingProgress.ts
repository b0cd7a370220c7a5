// Original file: stepwire/v1/training_job.proto


export interface TrainingProgressInput {
  'step'?: (number);
  'total_steps'?: (number);
  'epoch'?: (number | string);
  'loss'?: (number | string);
  'validation_accuracy'?: (number | string);
  'tokens_per_second'?: (number | string);
  /**
   * Estimated seconds until the job ends.
   */
  'seconds_left'?: (number | string);
  '_loss'?: "loss";
  '_validation_accuracy'?: "validation_accuracy";
}

export interface TrainingProgress {
  'step': (number);
  'total_steps': (number);
  'epoch': (number);
  'loss'?: (number);
  'validation_accuracy'?: (number);
  'tokens_per_second': (number);
  /**
   * Estimated seconds until the job ends.
   */
  'seconds_left': (number);
  '_loss'?: "loss";
  '_validation_accuracy'?: "validation_accuracy";
}
