// Original file: stepwire/v1/trainer_service.proto


export interface WatchTrainingJobRequestInput {
  'id'?: (string);
  'resume_token'?: (string);
}

export interface WatchTrainingJobRequest {
  'id': (string);
  'resume_token': (string);
}
