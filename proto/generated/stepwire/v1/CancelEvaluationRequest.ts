// Original file: stepwire/v1/evaluator_service.proto


export interface CancelEvaluationRequestInput {
  'id'?: (string);
}

export interface CancelEvaluationRequest {
  'id': (string);
}
