// Original file: stepwire/v1/evaluator_service.proto


export interface DeleteEvaluationRequestInput {
  'id'?: (string);
}

export interface DeleteEvaluationRequest {
  'id': (string);
}
