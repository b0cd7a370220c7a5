// Original file: stepwire/v1/evaluation.proto


/**
 * How intervals are drawn from resamples: the same settings give the same bounds.
 */
export interface BootstrapSettingsInput {
  /**
   * "bca" (the default) or "percentile".
   */
  'method'?: (string);
  /**
   * 100 to 1,000,000; 10,000 when not set.
   */
  'resamples'?: (number);
  /**
   * 0 when not set.
   */
  'seed'?: (number);
  '_resamples'?: "resamples";
  '_seed'?: "seed";
}

/**
 * How intervals are drawn from resamples: the same settings give the same bounds.
 */
export interface BootstrapSettings {
  /**
   * "bca" (the default) or "percentile".
   */
  'method': (string);
  /**
   * 100 to 1,000,000; 10,000 when not set.
   */
  'resamples'?: (number);
  /**
   * 0 when not set.
   */
  'seed'?: (number);
  '_resamples'?: "resamples";
  '_seed'?: "seed";
}
