// Original file: stepwire/v1/evaluator_service.proto


export interface GetEvaluationRequestInput {
  'id'?: (string);
}

export interface GetEvaluationRequest {
  'id': (string);
}
