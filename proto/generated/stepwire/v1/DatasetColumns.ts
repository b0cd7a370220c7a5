// Original file: stepwire/v1/dataset.proto


/**
 * Which column holds what, by names of at most 200 characters. Columns belong to the data set, since classes, balance and digest depend on them.
 * They make its kind: text with label (to classify), text with target (to predict a number), or completion with or without prompt (to write).
 */
export interface DatasetColumnsInput {
  'text'?: (string);
  /**
   * The second sentence of a pair; empty for single sentences.
   */
  'text_pair'?: (string);
  /**
   * Class names.
   */
  'label'?: (string);
  /**
   * Numbers.
   */
  'target'?: (string);
  /**
   * What stands before a completion and is only read; its texts may be empty.
   */
  'prompt'?: (string);
  /**
   * Texts that a language model learns to write.
   */
  'completion'?: (string);
}

/**
 * Which column holds what, by names of at most 200 characters. Columns belong to the data set, since classes, balance and digest depend on them.
 * They make its kind: text with label (to classify), text with target (to predict a number), or completion with or without prompt (to write).
 */
export interface DatasetColumns {
  'text': (string);
  /**
   * The second sentence of a pair; empty for single sentences.
   */
  'text_pair': (string);
  /**
   * Class names.
   */
  'label': (string);
  /**
   * Numbers.
   */
  'target': (string);
  /**
   * What stands before a completion and is only read; its texts may be empty.
   */
  'prompt': (string);
  /**
   * Texts that a language model learns to write.
   */
  'completion': (string);
}
