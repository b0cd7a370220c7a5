// Original file: stepwire/v1/training_job.proto


/**
 * SHA-256 (hex) of what a training started from. Trained models are compared fairly where these are equal.
 */
export interface TrainingOriginInput {
  /**
   * Of the weights, those that were drawn from the seed left out.
   */
  'base_weights_digest'?: (string);
  /**
   * Of tokenizer.json and tokenizer_config.json.
   */
  'tokenizer_digest'?: (string);
  /**
   * Of the rows that were trained on, in the order in which they were chosen.
   */
  'train_rows_digest'?: (string);
}

/**
 * SHA-256 (hex) of what a training started from. Trained models are compared fairly where these are equal.
 */
export interface TrainingOrigin {
  /**
   * Of the weights, those that were drawn from the seed left out.
   */
  'base_weights_digest': (string);
  /**
   * Of tokenizer.json and tokenizer_config.json.
   */
  'tokenizer_digest': (string);
  /**
   * Of the rows that were trained on, in the order in which they were chosen.
   */
  'train_rows_digest': (string);
}
