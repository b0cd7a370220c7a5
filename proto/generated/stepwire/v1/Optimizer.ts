// Original file: stepwire/v1/optimizer.proto

import type { HyperparameterInput as _stepwire_v1_HyperparameterInput, Hyperparameter as _stepwire_v1_Hyperparameter } from '../../stepwire/v1/Hyperparameter.js';

/**
 * One optimizer of the catalogue.
 */
export interface OptimizerInput {
  'name'?: (string);
  /**
   * One line.
   */
  'description'?: (string);
  /**
   * The update rule, as plain text.
   */
  'formula'?: (string);
  /**
   * The paper or standard it comes from.
   */
  'source'?: (string);
  'hyperparameters'?: (_stepwire_v1_HyperparameterInput)[];
  /**
   * The transforms it is composed of, in order.
   */
  'chain'?: (string)[];
  /**
   * State kept between steps, in multiples of the parameters, with the default hyperparameters.
   */
  'state_size'?: (number | string);
}

/**
 * One optimizer of the catalogue.
 */
export interface Optimizer {
  'name': (string);
  /**
   * One line.
   */
  'description': (string);
  /**
   * The update rule, as plain text.
   */
  'formula': (string);
  /**
   * The paper or standard it comes from.
   */
  'source': (string);
  'hyperparameters': (_stepwire_v1_Hyperparameter)[];
  /**
   * The transforms it is composed of, in order.
   */
  'chain': (string)[];
  /**
   * State kept between steps, in multiples of the parameters, with the default hyperparameters.
   */
  'state_size': (number);
}
