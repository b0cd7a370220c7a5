// Original file: stepwire/v1/study.proto

import type { OptimizerSpecInput as _stepwire_v1_OptimizerSpecInput, OptimizerSpec as _stepwire_v1_OptimizerSpec } from '../../stepwire/v1/OptimizerSpec.js';
import type { SearchSpaceInput as _stepwire_v1_SearchSpaceInput, SearchSpace as _stepwire_v1_SearchSpace } from '../../stepwire/v1/SearchSpace.js';

/**
 * One of the methods that are compared.
 */
export interface StudyArmInput {
  /**
   * Spelt like an id.
   */
  'name'?: (string);
  'description'?: (string);
  'optimizer'?: (_stepwire_v1_OptimizerSpecInput | null);
  /**
   * Where the tuning looks, by hyperparameter.
   */
  'search'?: ({[key: string]: _stepwire_v1_SearchSpaceInput});
  /**
   * The arm of which this one lacks an element: their difference is that element's effect.
   */
  'ablation_of'?: (string);
}

/**
 * One of the methods that are compared.
 */
export interface StudyArm {
  /**
   * Spelt like an id.
   */
  'name': (string);
  'description': (string);
  'optimizer': (_stepwire_v1_OptimizerSpec | null);
  /**
   * Where the tuning looks, by hyperparameter.
   */
  'search': ({[key: string]: _stepwire_v1_SearchSpace});
  /**
   * The arm of which this one lacks an element: their difference is that element's effect.
   */
  'ablation_of': (string);
}
