// Original file: stepwire/v1/comparison.proto

import type { ComparedGroupInput as _stepwire_v1_ComparedGroupInput, ComparedGroup as _stepwire_v1_ComparedGroup } from '../../stepwire/v1/ComparedGroup.js';
import type { OverallTestInput as _stepwire_v1_OverallTestInput, OverallTest as _stepwire_v1_OverallTest } from '../../stepwire/v1/OverallTest.js';
import type { PairComparisonInput as _stepwire_v1_PairComparisonInput, PairComparison as _stepwire_v1_PairComparison } from '../../stepwire/v1/PairComparison.js';
import type { FairnessLedgerInput as _stepwire_v1_FairnessLedgerInput, FairnessLedger as _stepwire_v1_FairnessLedger } from '../../stepwire/v1/FairnessLedger.js';

/**
 * Groups of evaluations on the same examples, two by two, with a verdict for each pair. It is computed from the evaluations and not stored.
 */
export interface ComparisonInput {
  'metric'?: (string);
  'higher_is_better'?: (boolean);
  'examples'?: (number);
  'level'?: (number | string);
  'margin'?: (number | string);
  'correction'?: (string);
  'reference'?: (string);
  'groups'?: (_stepwire_v1_ComparedGroupInput)[];
  /**
   * Of three or more groups of one evaluation each, where the metric is accuracy and each example right or wrong.
   */
  'overall'?: (_stepwire_v1_OverallTestInput | null);
  'pairs'?: (_stepwire_v1_PairComparisonInput)[];
  'fairness'?: (_stepwire_v1_FairnessLedgerInput | null);
  /**
   * Groups of examples that are alike, such as the sentences of one document; 0 where all examples are independent.
   */
  'example_groups'?: (number);
  '_margin'?: "margin";
}

/**
 * Groups of evaluations on the same examples, two by two, with a verdict for each pair. It is computed from the evaluations and not stored.
 */
export interface Comparison {
  'metric': (string);
  'higher_is_better': (boolean);
  'examples': (number);
  'level': (number);
  'margin'?: (number);
  'correction': (string);
  'reference': (string);
  'groups': (_stepwire_v1_ComparedGroup)[];
  /**
   * Of three or more groups of one evaluation each, where the metric is accuracy and each example right or wrong.
   */
  'overall': (_stepwire_v1_OverallTest | null);
  'pairs': (_stepwire_v1_PairComparison)[];
  'fairness': (_stepwire_v1_FairnessLedger | null);
  /**
   * Groups of examples that are alike, such as the sentences of one document; 0 where all examples are independent.
   */
  'example_groups': (number);
  '_margin'?: "margin";
}
