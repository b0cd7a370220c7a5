// Original file: stepwire/v1/prediction.proto


/**
 * What a checkpoint makes of one text.
 */
export interface PredictionInput {
  /**
   * The most probable class; not set for a number.
   */
  'label'?: (string);
  /**
   * One a class, in the order of `classes`; they add up to 1.
   */
  'probabilities'?: (number | string)[];
  /**
   * Set for a regression.
   */
  'number'?: (number | string);
  /**
   * Tokens that the model read, special ones included.
   */
  'tokens'?: (number);
  /**
   * Whether the text was cut: it is longer than the job's max_length.
   */
  'truncated'?: (boolean);
  '_number'?: "number";
}

/**
 * What a checkpoint makes of one text.
 */
export interface Prediction {
  /**
   * The most probable class; not set for a number.
   */
  'label': (string);
  /**
   * One a class, in the order of `classes`; they add up to 1.
   */
  'probabilities': (number)[];
  /**
   * Set for a regression.
   */
  'number'?: (number);
  /**
   * Tokens that the model read, special ones included.
   */
  'tokens': (number);
  /**
   * Whether the text was cut: it is longer than the job's max_length.
   */
  'truncated': (boolean);
  '_number'?: "number";
}
