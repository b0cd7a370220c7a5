// Original file: stepwire/v1/optimizer.proto

import type { StructInput as _google_protobuf_StructInput, Struct as _google_protobuf_Struct } from '../../google/protobuf/Struct.js';
import type { ChainElementInput as _stepwire_v1_ChainElementInput, ChainElement as _stepwire_v1_ChainElement } from '../../stepwire/v1/ChainElement.js';
import type { ParameterGroupInput as _stepwire_v1_ParameterGroupInput, ParameterGroup as _stepwire_v1_ParameterGroup } from '../../stepwire/v1/ParameterGroup.js';

/**
 * Which optimizer a job uses, and with what hyperparameters.
 */
export interface OptimizerSpecInput {
  /**
   * A preset of the catalogue, for example "adamw", or one of its ablations, for example "integrated-without-trust".
   * "custom" with `chain`.
   */
  'name'?: (string);
  /**
   * Hyperparameters by name; those left out take the catalogue's defaults.
   * `learning_rate` is the peak: the schedule multiplies it.
   */
  'hyperparameters'?: (_google_protobuf_StructInput | null);
  /**
   * A chain of the caller's own, in order; `name` is then "custom" and `hyperparameters` empty.
   */
  'chain'?: (_stepwire_v1_ChainElementInput)[];
  /**
   * Wrappers around the optimizer, the innermost first.
   */
  'wrappers'?: (_stepwire_v1_ChainElementInput)[];
  /**
   * What is different for some parameters. Where several match, the last that says something counts.
   */
  'groups'?: (_stepwire_v1_ParameterGroupInput)[];
}

/**
 * Which optimizer a job uses, and with what hyperparameters.
 */
export interface OptimizerSpec {
  /**
   * A preset of the catalogue, for example "adamw", or one of its ablations, for example "integrated-without-trust".
   * "custom" with `chain`.
   */
  'name': (string);
  /**
   * Hyperparameters by name; those left out take the catalogue's defaults.
   * `learning_rate` is the peak: the schedule multiplies it.
   */
  'hyperparameters': (_google_protobuf_Struct | null);
  /**
   * A chain of the caller's own, in order; `name` is then "custom" and `hyperparameters` empty.
   */
  'chain': (_stepwire_v1_ChainElement)[];
  /**
   * Wrappers around the optimizer, the innermost first.
   */
  'wrappers': (_stepwire_v1_ChainElement)[];
  /**
   * What is different for some parameters. Where several match, the last that says something counts.
   */
  'groups': (_stepwire_v1_ParameterGroup)[];
}
