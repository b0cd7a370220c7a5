// Original file: stepwire/v1/study_service.proto

import type { StudyInput as _stepwire_v1_StudyInput, Study as _stepwire_v1_Study } from '../../stepwire/v1/Study.js';
import type { StudyRunInput as _stepwire_v1_StudyRunInput, StudyRun as _stepwire_v1_StudyRun } from '../../stepwire/v1/StudyRun.js';

export interface StudyUpdateInput {
  /**
   * Without its runs.
   */
  'study'?: (_stepwire_v1_StudyInput | null);
  /**
   * All at first, then those that have changed.
   */
  'changed_runs'?: (_stepwire_v1_StudyRunInput)[];
}

export interface StudyUpdate {
  /**
   * Without its runs.
   */
  'study': (_stepwire_v1_Study | null);
  /**
   * All at first, then those that have changed.
   */
  'changed_runs': (_stepwire_v1_StudyRun)[];
}
