// Original file: stepwire/v1/training_job.proto


export interface CheckpointSavedInput {
  'step'?: (number);
  'weights_digest'?: (string);
}

export interface CheckpointSaved {
  'step': (number);
  'weights_digest': (string);
}
