// Original file: stepwire/v1/training_job.proto


/**
 * A low-rank adapter. The checkpoint holds the model with the adapter merged into it, and below "adapter" the adapter alone as peft reads it.
 */
export interface LoraSpecInput {
  /**
   * Rows of the small matrices; 8 when not set.
   */
  'rank'?: (number);
  /**
   * The adapter's product is multiplied by alpha / rank; 16 when not set.
   */
  'alpha'?: (number | string);
  /**
   * Dropout of the adapter's input; 0 when not set.
   */
  'dropout'?: (number | string);
  /**
   * Linear layers by the last part of their names, such as "query", or "all-linear" alone; those that peft takes for the model when empty.
   */
  'targets'?: (string)[];
  /**
   * Multiply by alpha / sqrt(rank) instead.
   */
  'rslora'?: (boolean);
  '_rank'?: "rank";
  '_alpha'?: "alpha";
  '_dropout'?: "dropout";
}

/**
 * A low-rank adapter. The checkpoint holds the model with the adapter merged into it, and below "adapter" the adapter alone as peft reads it.
 */
export interface LoraSpec {
  /**
   * Rows of the small matrices; 8 when not set.
   */
  'rank'?: (number);
  /**
   * The adapter's product is multiplied by alpha / rank; 16 when not set.
   */
  'alpha'?: (number);
  /**
   * Dropout of the adapter's input; 0 when not set.
   */
  'dropout'?: (number);
  /**
   * Linear layers by the last part of their names, such as "query", or "all-linear" alone; those that peft takes for the model when empty.
   */
  'targets': (string)[];
  /**
   * Multiply by alpha / sqrt(rank) instead.
   */
  'rslora': (boolean);
  '_rank'?: "rank";
  '_alpha'?: "alpha";
  '_dropout'?: "dropout";
}
