// Original file: stepwire/v1/optimizer.proto

import type { StructInput as _google_protobuf_StructInput, Struct as _google_protobuf_Struct } from '../../google/protobuf/Struct.js';

/**
 * One element of a chain.
 */
export interface ChainElementInput {
  /**
   * See `ListOptimizersResponse.elements`.
   */
  'name'?: (string);
  /**
   * Those left out take the element's defaults.
   */
  'hyperparameters'?: (_google_protobuf_StructInput | null);
}

/**
 * One element of a chain.
 */
export interface ChainElement {
  /**
   * See `ListOptimizersResponse.elements`.
   */
  'name': (string);
  /**
   * Those left out take the element's defaults.
   */
  'hyperparameters': (_google_protobuf_Struct | null);
}
