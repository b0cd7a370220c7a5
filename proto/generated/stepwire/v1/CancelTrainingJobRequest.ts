// Original file: /work/main/proto/stepwire/v1/trainer_service.proto


export interface CancelTrainingJobRequestInput {
  'id'?: (string);
}

export interface CancelTrainingJobRequest {
  'id': (string);
}
