// Original file: stepwire/v1/evaluator_service.proto

import type { TextExampleInput as _stepwire_v1_TextExampleInput, TextExample as _stepwire_v1_TextExample } from '../../stepwire/v1/TextExample.js';

export interface PredictRequestInput {
  /**
   * Id of a job that SUCCEEDED, for classes or numbers.
   */
  'training_job'?: (string);
  /**
   * 1 to 256, of at most 384 KiB together.
   */
  'inputs'?: (_stepwire_v1_TextExampleInput)[];
}

export interface PredictRequest {
  /**
   * Id of a job that SUCCEEDED, for classes or numbers.
   */
  'training_job': (string);
  /**
   * 1 to 256, of at most 384 KiB together.
   */
  'inputs': (_stepwire_v1_TextExample)[];
}
