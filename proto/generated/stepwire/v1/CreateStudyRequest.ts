// Original file: stepwire/v1/study_service.proto

import type { StudyInput as _stepwire_v1_StudyInput, Study as _stepwire_v1_Study } from '../../stepwire/v1/Study.js';

export interface CreateStudyRequestInput {
  'study'?: (_stepwire_v1_StudyInput | null);
  /**
   * Made by the server when empty.
   */
  'study_id'?: (string);
  /**
   * The same request_id and body return the same study.
   */
  'request_id'?: (string);
  /**
   * Returns the study as it would be, with its plan; stores nothing.
   */
  'validate_only'?: (boolean);
}

export interface CreateStudyRequest {
  'study': (_stepwire_v1_Study | null);
  /**
   * Made by the server when empty.
   */
  'study_id': (string);
  /**
   * The same request_id and body return the same study.
   */
  'request_id': (string);
  /**
   * Returns the study as it would be, with its plan; stores nothing.
   */
  'validate_only': (boolean);
}
