// Original file: stepwire/v1/common.proto


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
   * How it was computed, for example "wilson".
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
   * How it was computed, for example "wilson".
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
  '_lower'?: "lower";
  '_upper'?: "upper";
}
