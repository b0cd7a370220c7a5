// Original file: stepwire/v1/trainer_service.proto

import type { TrainingJobInput as _stepwire_v1_TrainingJobInput, TrainingJob as _stepwire_v1_TrainingJob } from '../../stepwire/v1/TrainingJob.js';

export interface ListTrainingJobsResponseInput {
  'training_jobs'?: (_stepwire_v1_TrainingJobInput)[];
  'next_page_token'?: (string);
}

export interface ListTrainingJobsResponse {
  'training_jobs': (_stepwire_v1_TrainingJob)[];
  'next_page_token': (string);
}
