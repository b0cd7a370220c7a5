// Original file: stepwire/v1/catalog_service.proto

import type { OptimizerInput as _stepwire_v1_OptimizerInput, Optimizer as _stepwire_v1_Optimizer } from '../../stepwire/v1/Optimizer.js';

export interface ListOptimizersResponseInput {
  'optimizers'?: (_stepwire_v1_OptimizerInput)[];
}

export interface ListOptimizersResponse {
  'optimizers': (_stepwire_v1_Optimizer)[];
}
