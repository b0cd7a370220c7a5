// Original file: stepwire/v1/prediction.proto


/**
 * A text to predict for.
 */
export interface TextExampleInput {
  'text'?: (string);
  /**
   * The second text, where the job's data set has pairs.
   */
  'text_pair'?: (string);
  '_text_pair'?: "text_pair";
}

/**
 * A text to predict for.
 */
export interface TextExample {
  'text': (string);
  /**
   * The second text, where the job's data set has pairs.
   */
  'text_pair'?: (string);
  '_text_pair'?: "text_pair";
}
