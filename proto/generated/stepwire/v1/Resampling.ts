// Original file: stepwire/v1/common.proto


/**
 * What it takes to draw the same resamples again.
 */
export interface ResamplingInput {
  /**
   * Of the way in which resamples are drawn from a seed: another version may give other bounds, within Monte Carlo error.
   */
  'version'?: (number);
  'resamples'?: (number);
  'seed'?: (number);
}

/**
 * What it takes to draw the same resamples again.
 */
export interface Resampling {
  /**
   * Of the way in which resamples are drawn from a seed: another version may give other bounds, within Monte Carlo error.
   */
  'version': (number);
  'resamples': (number);
  'seed': (number);
}
