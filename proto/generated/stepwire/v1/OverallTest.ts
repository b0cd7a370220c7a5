// Original file: stepwire/v1/comparison.proto


/**
 * Whether any of all groups differ.
 */
export interface OverallTestInput {
  /**
   * "Cochran's Q".
   */
  'test'?: (string);
  'statistic'?: (number | string);
  'degrees_of_freedom'?: (number);
  'p_value'?: (number | string);
}

/**
 * Whether any of all groups differ.
 */
export interface OverallTest {
  /**
   * "Cochran's Q".
   */
  'test': (string);
  'statistic': (number);
  'degrees_of_freedom': (number);
  'p_value': (number);
}
