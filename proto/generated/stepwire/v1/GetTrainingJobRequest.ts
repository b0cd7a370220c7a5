// Original file: stepwire/v1/trainer_service.proto


export interface GetTrainingJobRequestInput {
  'id'?: (string);
}

export interface GetTrainingJobRequest {
  'id': (string);
}
