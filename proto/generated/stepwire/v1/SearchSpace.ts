// Original file: stepwire/v1/study.proto


/**
 * Values, or a range.
 */
export interface SearchSpaceInput {
  'values'?: (number | string)[];
  'min'?: (number | string);
  'max'?: (number | string);
  /**
   * How a range is spaced: "log" (the default) or "linear".
   */
  'scale'?: (string);
  '_min'?: "min";
  '_max'?: "max";
}

/**
 * Values, or a range.
 */
export interface SearchSpace {
  'values': (number)[];
  'min'?: (number);
  'max'?: (number);
  /**
   * How a range is spaced: "log" (the default) or "linear".
   */
  'scale': (string);
  '_min'?: "min";
  '_max'?: "max";
}
