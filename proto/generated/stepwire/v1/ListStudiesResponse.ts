// Original file: stepwire/v1/study_service.proto

import type { StudyInput as _stepwire_v1_StudyInput, Study as _stepwire_v1_Study } from '../../stepwire/v1/Study.js';

export interface ListStudiesResponseInput {
  'studies'?: (_stepwire_v1_StudyInput)[];
  'next_page_token'?: (string);
}

export interface ListStudiesResponse {
  'studies': (_stepwire_v1_Study)[];
  'next_page_token': (string);
}
