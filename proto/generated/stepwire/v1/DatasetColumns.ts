// Original file: stepwire/v1/dataset.proto


/**
 * Which column holds what, by names of at most 200 characters. Columns belong to the data set, since classes, balance and digest depend on them.
 */
export interface DatasetColumnsInput {
  'text'?: (string);
  /**
   * The second sentence of a pair; empty for single sentences.
   */
  'text_pair'?: (string);
  'label'?: (string);
}

/**
 * Which column holds what, by names of at most 200 characters. Columns belong to the data set, since classes, balance and digest depend on them.
 */
export interface DatasetColumns {
  'text': (string);
  /**
   * The second sentence of a pair; empty for single sentences.
   */
  'text_pair': (string);
  'label': (string);
}
