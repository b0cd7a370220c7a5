// Original file: stepwire/v1/trainer_service.proto

import type { TrainingJobStateInput as _stepwire_v1_TrainingJobStateInput, TrainingJobState as _stepwire_v1_TrainingJobState } from '../../stepwire/v1/TrainingJobState.js';

export interface ListTrainingJobsRequestInput {
  /**
   * At most 1000; 50 when 0.
   */
  'page_size'?: (number);
  'page_token'?: (string);
  /**
   * Only jobs in these states; all when empty.
   */
  'states'?: (_stepwire_v1_TrainingJobStateInput)[];
  /**
   * Only jobs that carry all of these labels.
   */
  'labels'?: ({[key: string]: string});
}

export interface ListTrainingJobsRequest {
  /**
   * At most 1000; 50 when 0.
   */
  'page_size': (number);
  'page_token': (string);
  /**
   * Only jobs in these states; all when empty.
   */
  'states': (_stepwire_v1_TrainingJobState)[];
  /**
   * Only jobs that carry all of these labels.
   */
  'labels': ({[key: string]: string});
}
