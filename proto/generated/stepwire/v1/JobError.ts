// Original file: stepwire/v1/training_job.proto


/**
 * Why a job or an evaluation failed.
 */
export interface JobErrorInput {
  /**
   * UPPER_SNAKE, for example NAN_LOSS.
   */
  'code'?: (string);
  'message'?: (string);
  /**
   * The field of the job that caused it, when there is one.
   */
  'field'?: (string);
  'attempt'?: (number);
  'step'?: (number);
}

/**
 * Why a job or an evaluation failed.
 */
export interface JobError {
  /**
   * UPPER_SNAKE, for example NAN_LOSS.
   */
  'code': (string);
  'message': (string);
  /**
   * The field of the job that caused it, when there is one.
   */
  'field': (string);
  'attempt': (number);
  'step': (number);
}
