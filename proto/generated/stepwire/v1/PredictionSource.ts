// Original file: stepwire/v1/evaluation.proto


/**
 * Where predictions come from that were made elsewhere.
 */
export interface PredictionSourceInput {
  /**
   * The model or method, at most 100 characters. Compare calls a group after it; several seeds of a method have the same.
   */
  'model'?: (string);
  /**
   * Of which examples, for example "SST-2 test", at most 100 characters: predictions of different data sets are not compared.
   */
  'dataset'?: (string);
  /**
   * That the model was trained with; 0 when not set.
   */
  'seed'?: (number);
  /**
   * What was predicted: "classification" (the default), "regression" or "causal_lm" (completions).
   */
  'task'?: (string);
  /**
   * Whether the rows came in groups of alike examples, set by the server. Compare then takes the groups for what is independent.
   */
  'grouped'?: (boolean);
}

/**
 * Where predictions come from that were made elsewhere.
 */
export interface PredictionSource {
  /**
   * The model or method, at most 100 characters. Compare calls a group after it; several seeds of a method have the same.
   */
  'model': (string);
  /**
   * Of which examples, for example "SST-2 test", at most 100 characters: predictions of different data sets are not compared.
   */
  'dataset': (string);
  /**
   * That the model was trained with; 0 when not set.
   */
  'seed': (number);
  /**
   * What was predicted: "classification" (the default), "regression" or "causal_lm" (completions).
   */
  'task': (string);
  /**
   * Whether the rows came in groups of alike examples, set by the server. Compare then takes the groups for what is independent.
   */
  'grouped': (boolean);
}
