// Original file: stepwire/v1/optimizer.proto


/**
 * Parameters whose names match a pattern.
 */
export interface ParameterGroupInput {
  /**
   * A parameter's name, `*` standing for any text, for example "bert.embeddings.*".
   */
  'pattern'?: (string);
  /**
   * Multiplies the learning rate, from 0 to 1000; 0 freezes the parameters: they are left out of training altogether, without a gradient (which
   * would count where gradients are clipped) and without a state.
   */
  'learning_rate_scale'?: (number | string);
  /**
   * Whether weight decay applies; by default to all but biases and norm gains.
   */
  'decayed'?: (boolean);
  '_learning_rate_scale'?: "learning_rate_scale";
  '_decayed'?: "decayed";
}

/**
 * Parameters whose names match a pattern.
 */
export interface ParameterGroup {
  /**
   * A parameter's name, `*` standing for any text, for example "bert.embeddings.*".
   */
  'pattern': (string);
  /**
   * Multiplies the learning rate, from 0 to 1000; 0 freezes the parameters: they are left out of training altogether, without a gradient (which
   * would count where gradients are clipped) and without a state.
   */
  'learning_rate_scale'?: (number);
  /**
   * Whether weight decay applies; by default to all but biases and norm gains.
   */
  'decayed'?: (boolean);
  '_learning_rate_scale'?: "learning_rate_scale";
  '_decayed'?: "decayed";
}
