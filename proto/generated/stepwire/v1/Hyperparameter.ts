// Original file: stepwire/v1/optimizer.proto

import type { ValueInput as _google_protobuf_ValueInput, Value as _google_protobuf_Value } from '../../google/protobuf/Value.js';

/**
 * One hyperparameter of an optimizer.
 */
export interface HyperparameterInput {
  'name'?: (string);
  /**
   * "number", "integer", "boolean" or "text".
   */
  'type'?: (string);
  'default_value'?: (_google_protobuf_ValueInput | null);
  /**
   * The allowed values, for example "at least 0, below 1".
   */
  'range'?: (string);
  'description'?: (string);
  /**
   * For example "per step"; empty for a plain factor.
   */
  'unit'?: (string);
}

/**
 * One hyperparameter of an optimizer.
 */
export interface Hyperparameter {
  'name': (string);
  /**
   * "number", "integer", "boolean" or "text".
   */
  'type': (string);
  'default_value': (_google_protobuf_Value | null);
  /**
   * The allowed values, for example "at least 0, below 1".
   */
  'range': (string);
  'description': (string);
  /**
   * For example "per step"; empty for a plain factor.
   */
  'unit': (string);
}
