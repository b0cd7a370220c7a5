// Original file: stepwire/v1/evaluator_service.proto

import type { EvaluationInput as _stepwire_v1_EvaluationInput, Evaluation as _stepwire_v1_Evaluation } from '../../stepwire/v1/Evaluation.js';

export interface ListEvaluationsResponseInput {
  'evaluations'?: (_stepwire_v1_EvaluationInput)[];
  'next_page_token'?: (string);
}

export interface ListEvaluationsResponse {
  'evaluations': (_stepwire_v1_Evaluation)[];
  'next_page_token': (string);
}
