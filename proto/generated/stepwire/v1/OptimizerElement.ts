// Original file: stepwire/v1/optimizer.proto

import type { OptimizerElementKindInput as _stepwire_v1_OptimizerElementKindInput, OptimizerElementKind as _stepwire_v1_OptimizerElementKind } from '../../stepwire/v1/OptimizerElementKind.js';
import type { HyperparameterInput as _stepwire_v1_HyperparameterInput, Hyperparameter as _stepwire_v1_Hyperparameter } from '../../stepwire/v1/Hyperparameter.js';

/**
 * One element that chains can be made of.
 */
export interface OptimizerElementInput {
  'name'?: (string);
  /**
   * One line.
   */
  'description'?: (string);
  'kind'?: (_stepwire_v1_OptimizerElementKindInput);
  'hyperparameters'?: (_stepwire_v1_HyperparameterInput)[];
}

/**
 * One element that chains can be made of.
 */
export interface OptimizerElement {
  'name': (string);
  /**
   * One line.
   */
  'description': (string);
  'kind': (_stepwire_v1_OptimizerElementKind);
  'hyperparameters': (_stepwire_v1_Hyperparameter)[];
}
