// Original file: stepwire/v1/comparison.proto

import type { IntervalInput as _stepwire_v1_IntervalInput, Interval as _stepwire_v1_Interval } from '../../stepwire/v1/Interval.js';
import type { NeededDataInput as _stepwire_v1_NeededDataInput, NeededData as _stepwire_v1_NeededData } from '../../stepwire/v1/NeededData.js';
import type { VerdictInput as _stepwire_v1_VerdictInput, Verdict as _stepwire_v1_Verdict } from '../../stepwire/v1/Verdict.js';

export interface PairComparisonInput {
  'first'?: (string);
  'second'?: (string);
  /**
   * First less second, in the metric's unit. The level is that of this interval alone: of many, some leave out the truth.
   */
  'difference'?: (_stepwire_v1_IntervalInput | null);
  /**
   * The same at a level at which all pairs' intervals hold the truth together (Bonferroni). Not set where there is one pair.
   */
  'simultaneous_difference'?: (_stepwire_v1_IntervalInput | null);
  /**
   * Name of the test of no difference.
   */
  'test'?: (string);
  /**
   * Two-sided.
   */
  'p_value'?: (number | string);
  /**
   * Of McNemar's test: less cautious than the exact p, which decides.
   */
  'mid_p'?: (number | string);
  /**
   * The p-value corrected for the number of pairs: this one decides.
   */
  'corrected_p'?: (number | string);
  /**
   * Of a difference of the margin or more, by two one-sided tests. Not set without a margin.
   */
  'equivalence_p'?: (number | string);
  /**
   * Corrected as corrected_p is, in a family of its own.
   */
  'corrected_equivalence_p'?: (number | string);
  /**
   * Cohen's h, where the metric is a share.
   */
  'effect_size'?: (_stepwire_v1_IntervalInput | null);
  /**
   * The smallest difference that these examples and seeds show with a probability of 80%.
   */
  'minimum_detectable_difference'?: (number | string);
  /**
   * What would settle an INCONCLUSIVE pair.
   */
  'needed'?: (_stepwire_v1_NeededDataInput | null);
  'verdict'?: (_stepwire_v1_VerdictInput);
  /**
   * The verdict and why, in one sentence.
   */
  'reason'?: (string);
  '_mid_p'?: "mid_p";
  '_equivalence_p'?: "equivalence_p";
  '_corrected_equivalence_p'?: "corrected_equivalence_p";
  '_minimum_detectable_difference'?: "minimum_detectable_difference";
}

export interface PairComparison {
  'first': (string);
  'second': (string);
  /**
   * First less second, in the metric's unit. The level is that of this interval alone: of many, some leave out the truth.
   */
  'difference': (_stepwire_v1_Interval | null);
  /**
   * The same at a level at which all pairs' intervals hold the truth together (Bonferroni). Not set where there is one pair.
   */
  'simultaneous_difference': (_stepwire_v1_Interval | null);
  /**
   * Name of the test of no difference.
   */
  'test': (string);
  /**
   * Two-sided.
   */
  'p_value': (number);
  /**
   * Of McNemar's test: less cautious than the exact p, which decides.
   */
  'mid_p'?: (number);
  /**
   * The p-value corrected for the number of pairs: this one decides.
   */
  'corrected_p': (number);
  /**
   * Of a difference of the margin or more, by two one-sided tests. Not set without a margin.
   */
  'equivalence_p'?: (number);
  /**
   * Corrected as corrected_p is, in a family of its own.
   */
  'corrected_equivalence_p'?: (number);
  /**
   * Cohen's h, where the metric is a share.
   */
  'effect_size': (_stepwire_v1_Interval | null);
  /**
   * The smallest difference that these examples and seeds show with a probability of 80%.
   */
  'minimum_detectable_difference'?: (number);
  /**
   * What would settle an INCONCLUSIVE pair.
   */
  'needed': (_stepwire_v1_NeededData | null);
  'verdict': (_stepwire_v1_Verdict);
  /**
   * The verdict and why, in one sentence.
   */
  'reason': (string);
  '_mid_p'?: "mid_p";
  '_equivalence_p'?: "equivalence_p";
  '_corrected_equivalence_p'?: "corrected_equivalence_p";
  '_minimum_detectable_difference'?: "minimum_detectable_difference";
}
