// Original file: stepwire/v1/evaluator_service.proto


export interface ListEvaluationsRequestInput {
  /**
   * At most 1000; 50 when 0.
   */
  'page_size'?: (number);
  'page_token'?: (string);
  /**
   * Only evaluations of this job; all when empty.
   */
  'training_job'?: (string);
}

export interface ListEvaluationsRequest {
  /**
   * At most 1000; 50 when 0.
   */
  'page_size': (number);
  'page_token': (string);
  /**
   * Only evaluations of this job; all when empty.
   */
  'training_job': (string);
}
