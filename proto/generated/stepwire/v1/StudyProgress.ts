// Original file: stepwire/v1/study.proto


export interface StudyProgressInput {
  /**
   * Runs of the plan.
   */
  'runs'?: (number);
  'done'?: (number);
  'running'?: (number);
  'failed'?: (number);
  /**
   * Runs that have not begun.
   */
  'left'?: (number);
  /**
   * Estimated seconds until the report is there.
   */
  'seconds_left'?: (number | string);
  '_seconds_left'?: "seconds_left";
}

export interface StudyProgress {
  /**
   * Runs of the plan.
   */
  'runs': (number);
  'done': (number);
  'running': (number);
  'failed': (number);
  /**
   * Runs that have not begun.
   */
  'left': (number);
  /**
   * Estimated seconds until the report is there.
   */
  'seconds_left'?: (number);
  '_seconds_left'?: "seconds_left";
}
