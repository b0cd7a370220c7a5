// Original file: /work/main/proto/stepwire/v1/trainer_service.proto


export interface GetTrainingJobRequestInput {
  'id'?: (string);
}

export interface GetTrainingJobRequest {
  'id': (string);
}
