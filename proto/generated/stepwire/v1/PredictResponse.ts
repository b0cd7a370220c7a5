// Original file: stepwire/v1/evaluator_service.proto

import type { PredictionInput as _stepwire_v1_PredictionInput, Prediction as _stepwire_v1_Prediction } from '../../stepwire/v1/Prediction.js';

export interface PredictResponseInput {
  /**
   * Empty for a regression.
   */
  'classes'?: (string)[];
  /**
   * In the order of the inputs.
   */
  'predictions'?: (_stepwire_v1_PredictionInput)[];
  /**
   * SHA-256 (hex) of the weights.
   */
  'weights_digest'?: (string);
}

export interface PredictResponse {
  /**
   * Empty for a regression.
   */
  'classes': (string)[];
  /**
   * In the order of the inputs.
   */
  'predictions': (_stepwire_v1_Prediction)[];
  /**
   * SHA-256 (hex) of the weights.
   */
  'weights_digest': (string);
}
