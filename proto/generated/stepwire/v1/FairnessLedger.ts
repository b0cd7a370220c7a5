// Original file: stepwire/v1/comparison.proto

import type { EqualFactInput as _stepwire_v1_EqualFactInput, EqualFact as _stepwire_v1_EqualFact } from '../../stepwire/v1/EqualFact.js';
import type { DifferentFactInput as _stepwire_v1_DifferentFactInput, DifferentFact as _stepwire_v1_DifferentFact } from '../../stepwire/v1/DifferentFact.js';

/**
 * What was the same for all groups and what was not.
 */
export interface FairnessLedgerInput {
  'equal'?: (_stepwire_v1_EqualFactInput)[];
  'different'?: (_stepwire_v1_DifferentFactInput)[];
}

/**
 * What was the same for all groups and what was not.
 */
export interface FairnessLedger {
  'equal': (_stepwire_v1_EqualFact)[];
  'different': (_stepwire_v1_DifferentFact)[];
}
