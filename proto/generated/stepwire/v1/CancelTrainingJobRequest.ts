// Original file: stepwire/v1/trainer_service.proto


export interface CancelTrainingJobRequestInput {
  'id'?: (string);
}

export interface CancelTrainingJobRequest {
  'id': (string);
}
