// Original file: stepwire/v1/optimizer.proto

import type { StructInput as _google_protobuf_StructInput, Struct as _google_protobuf_Struct } from '../../google/protobuf/Struct.js';

/**
 * Which optimizer a job uses, and with what hyperparameters.
 */
export interface OptimizerSpecInput {
  /**
   * A preset of the catalogue, for example "adamw".
   */
  'name'?: (string);
  /**
   * Hyperparameters by name; those left out take the catalogue's defaults.
   * `learning_rate` is the peak: the schedule multiplies it.
   */
  'hyperparameters'?: (_google_protobuf_StructInput | null);
}

/**
 * Which optimizer a job uses, and with what hyperparameters.
 */
export interface OptimizerSpec {
  /**
   * A preset of the catalogue, for example "adamw".
   */
  'name': (string);
  /**
   * Hyperparameters by name; those left out take the catalogue's defaults.
   * `learning_rate` is the peak: the schedule multiplies it.
   */
  'hyperparameters': (_google_protobuf_Struct | null);
}
