// Original file: stepwire/v1/training_job.proto

import type { TrainingJobStateInput as _stepwire_v1_TrainingJobStateInput, TrainingJobState as _stepwire_v1_TrainingJobState } from '../../stepwire/v1/TrainingJobState.js';
import type { JobErrorInput as _stepwire_v1_JobErrorInput, JobError as _stepwire_v1_JobError } from '../../stepwire/v1/JobError.js';
import type { TrainingResultInput as _stepwire_v1_TrainingResultInput, TrainingResult as _stepwire_v1_TrainingResult } from '../../stepwire/v1/TrainingResult.js';

export interface StateChangeInput {
  'state'?: (_stepwire_v1_TrainingJobStateInput);
  'error'?: (_stepwire_v1_JobErrorInput | null);
  'result'?: (_stepwire_v1_TrainingResultInput | null);
}

export interface StateChange {
  'state': (_stepwire_v1_TrainingJobState);
  'error': (_stepwire_v1_JobError | null);
  'result': (_stepwire_v1_TrainingResult | null);
}
