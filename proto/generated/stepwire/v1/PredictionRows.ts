// Original file: stepwire/v1/evaluator_service.proto


/**
 * The next rows, in columns: each that the task has holds one value a row. About 16,384 rows are a good size; a message of more than 4 MiB is
 * refused.
 */
export interface PredictionRowsInput {
  /**
   * Of a classification: places of the true classes.
   */
  'labels'?: (number)[];
  /**
   * Places of the predicted ones. Instead of them or with them probabilities; without them the most probable class is predicted.
   */
  'predicted'?: (number)[];
  /**
   * Row by row, one a class, each row adding up to 1 within 0.001.
   */
  'probabilities'?: (number | string)[];
  /**
   * Of a regression.
   */
  'targets'?: (number | string)[];
  'predicted_numbers'?: (number | string)[];
  /**
   * Of completions: sums over the tokens of each in nats, numbers of its tokens, and how many of these were the most probable.
   */
  'losses'?: (number | string)[];
  'tokens'?: (number)[];
  'correct_tokens'?: (number)[];
  /**
   * Rows with the same number are of one group, such as sentences of a document, and alike. Given for all rows or none; at most 1,000,000 groups.
   */
  'groups'?: (number)[];
}

/**
 * The next rows, in columns: each that the task has holds one value a row. About 16,384 rows are a good size; a message of more than 4 MiB is
 * refused.
 */
export interface PredictionRows {
  /**
   * Of a classification: places of the true classes.
   */
  'labels': (number)[];
  /**
   * Places of the predicted ones. Instead of them or with them probabilities; without them the most probable class is predicted.
   */
  'predicted': (number)[];
  /**
   * Row by row, one a class, each row adding up to 1 within 0.001.
   */
  'probabilities': (number)[];
  /**
   * Of a regression.
   */
  'targets': (number)[];
  'predicted_numbers': (number)[];
  /**
   * Of completions: sums over the tokens of each in nats, numbers of its tokens, and how many of these were the most probable.
   */
  'losses': (number)[];
  'tokens': (number)[];
  'correct_tokens': (number)[];
  /**
   * Rows with the same number are of one group, such as sentences of a document, and alike. Given for all rows or none; at most 1,000,000 groups.
   */
  'groups': (number)[];
}
