// Original file: stepwire/v1/catalog_service.proto

import type { OptimizerInput as _stepwire_v1_OptimizerInput, Optimizer as _stepwire_v1_Optimizer } from '../../stepwire/v1/Optimizer.js';
import type { OptimizerElementInput as _stepwire_v1_OptimizerElementInput, OptimizerElement as _stepwire_v1_OptimizerElement } from '../../stepwire/v1/OptimizerElement.js';

export interface ListOptimizersResponseInput {
  'optimizers'?: (_stepwire_v1_OptimizerInput)[];
  /**
   * What custom chains can be made of.
   */
  'elements'?: (_stepwire_v1_OptimizerElementInput)[];
}

export interface ListOptimizersResponse {
  'optimizers': (_stepwire_v1_Optimizer)[];
  /**
   * What custom chains can be made of.
   */
  'elements': (_stepwire_v1_OptimizerElement)[];
}
