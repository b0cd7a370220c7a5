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
   * The elements it is composed of, in order.
   */
  'chain'?: (string)[];
  /**
   * State kept between steps, in multiples of the parameters, with the default hyperparameters.
   */
  'state_size'?: (number | string);
  /**
   * The elements for parameters that are no hidden matrices, where these have their own.
   */
  'other_chain'?: (string)[];
  /**
   * Names of the same optimizer with one idea left out.
   */
  'ablations'?: (string)[];
  /**
   * What it does not go together with, one sentence each.
   */
  'conflicts'?: (string)[];
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
   * The elements it is composed of, in order.
   */
  'chain': (string)[];
  /**
   * State kept between steps, in multiples of the parameters, with the default hyperparameters.
   */
  'state_size': (number);
  /**
   * The elements for parameters that are no hidden matrices, where these have their own.
   */
  'other_chain': (string)[];
  /**
   * Names of the same optimizer with one idea left out.
   */
  'ablations': (string)[];
  /**
   * What it does not go together with, one sentence each.
   */
  'conflicts': (string)[];
}
