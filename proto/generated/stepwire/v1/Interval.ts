// Original file: stepwire/v1/common.proto

import type { ResamplingInput as _stepwire_v1_ResamplingInput, Resampling as _stepwire_v1_Resampling } from '../../stepwire/v1/Resampling.js';

/**
 * An interval estimate. The one shape for every interval in Stepwire.
 */
export interface IntervalInput {
  /**
   * The point estimate, in the metric's own unit.
   */
  'estimate'?: (number | string);
  /**
   * The lower and upper bounds; unset when `unavailable` says why there are none.
   */
  'lower'?: (number | string);
  'upper'?: (number | string);
  /**
   * Confidence level, for example 0.95.
   */
  'level'?: (number | string);
  /**
   * How it was computed, for example "wilson" or "bootstrap, bca".
   */
  'method'?: (string);
  /**
   * What the uncertainty is about: "examples", "seeds" or "examples and seeds".
   */
  'about'?: (string);
  /**
   * Why the data cannot give an interval; empty when they can.
   */
  'unavailable'?: (string);
  /**
   * How its resamples were drawn; set for a bootstrap, which gives the same bounds again from the same outcomes.
   */
  'resampling'?: (_stepwire_v1_ResamplingInput | null);
  '_lower'?: "lower";
  '_upper'?: "upper";
}

/**
 * An interval estimate. The one shape for every interval in Stepwire.
 */
export interface Interval {
  /**
   * The point estimate, in the metric's own unit.
   */
  'estimate': (number);
  /**
   * The lower and upper bounds; unset when `unavailable` says why there are none.
   */
  'lower'?: (number);
  'upper'?: (number);
  /**
   * Confidence level, for example 0.95.
   */
  'level': (number);
  /**
   * How it was computed, for example "wilson" or "bootstrap, bca".
   */
  'method': (string);
  /**
   * What the uncertainty is about: "examples", "seeds" or "examples and seeds".
   */
  'about': (string);
  /**
   * Why the data cannot give an interval; empty when they can.
   */
  'unavailable': (string);
  /**
   * How its resamples were drawn; set for a bootstrap, which gives the same bounds again from the same outcomes.
   */
  'resampling': (_stepwire_v1_Resampling | null);
  '_lower'?: "lower";
  '_upper'?: "upper";
}
