// Original file: stepwire/v1/evaluator_service.proto

import type { EvaluationInput as _stepwire_v1_EvaluationInput, Evaluation as _stepwire_v1_Evaluation } from '../../stepwire/v1/Evaluation.js';

export interface CreateEvaluationRequestInput {
  'evaluation'?: (_stepwire_v1_EvaluationInput | null);
  /**
   * Made by the server when empty.
   */
  'evaluation_id'?: (string);
  /**
   * The same request_id and body return the same evaluation.
   */
  'request_id'?: (string);
  /**
   * Returns the evaluation as it would be; stores nothing.
   */
  'validate_only'?: (boolean);
}

export interface CreateEvaluationRequest {
  'evaluation': (_stepwire_v1_Evaluation | null);
  /**
   * Made by the server when empty.
   */
  'evaluation_id': (string);
  /**
   * The same request_id and body return the same evaluation.
   */
  'request_id': (string);
  /**
   * Returns the evaluation as it would be; stores nothing.
   */
  'validate_only': (boolean);
}
