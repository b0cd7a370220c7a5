// Original file: stepwire/v1/evaluator_service.proto

import type { PredictionHeaderInput as _stepwire_v1_PredictionHeaderInput, PredictionHeader as _stepwire_v1_PredictionHeader } from '../../stepwire/v1/PredictionHeader.js';
import type { PredictionRowsInput as _stepwire_v1_PredictionRowsInput, PredictionRows as _stepwire_v1_PredictionRows } from '../../stepwire/v1/PredictionRows.js';

export interface EvaluatePredictionsRequestInput {
  'header'?: (_stepwire_v1_PredictionHeaderInput | null);
  'rows'?: (_stepwire_v1_PredictionRowsInput | null);
  'part'?: "header"|"rows";
}

export interface EvaluatePredictionsRequest {
  'header'?: (_stepwire_v1_PredictionHeader | null);
  'rows'?: (_stepwire_v1_PredictionRows | null);
  'part'?: "header"|"rows";
}
