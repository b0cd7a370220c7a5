// Original file: stepwire/v1/comparison.proto

import type { GroupValueInput as _stepwire_v1_GroupValueInput, GroupValue as _stepwire_v1_GroupValue } from '../../stepwire/v1/GroupValue.js';

export interface DifferentFactInput {
  'name'?: (string);
  /**
   * A sentence.
   */
  'why'?: (string);
  'values'?: (_stepwire_v1_GroupValueInput)[];
}

export interface DifferentFact {
  'name': (string);
  /**
   * A sentence.
   */
  'why': (string);
  'values': (_stepwire_v1_GroupValue)[];
}
