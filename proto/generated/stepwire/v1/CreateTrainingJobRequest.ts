// Original file: stepwire/v1/trainer_service.proto

import type { TrainingJobInput as _stepwire_v1_TrainingJobInput, TrainingJob as _stepwire_v1_TrainingJob } from '../../stepwire/v1/TrainingJob.js';

export interface CreateTrainingJobRequestInput {
  'training_job'?: (_stepwire_v1_TrainingJobInput | null);
  /**
   * Made by the server when empty.
   */
  'training_job_id'?: (string);
  /**
   * The same request_id and body return the same job, for 24 hours.
   */
  'request_id'?: (string);
  /**
   * Returns the job as it would be, every default filled in, and its plan; stores nothing.
   */
  'validate_only'?: (boolean);
}

export interface CreateTrainingJobRequest {
  'training_job': (_stepwire_v1_TrainingJob | null);
  /**
   * Made by the server when empty.
   */
  'training_job_id': (string);
  /**
   * The same request_id and body return the same job, for 24 hours.
   */
  'request_id': (string);
  /**
   * Returns the job as it would be, every default filled in, and its plan; stores nothing.
   */
  'validate_only': (boolean);
}
