// Original file: stepwire/v1/comparison.proto

import type { ComparisonGroupInput as _stepwire_v1_ComparisonGroupInput, ComparisonGroup as _stepwire_v1_ComparisonGroup } from '../../stepwire/v1/ComparisonGroup.js';

export interface CompareRequestInput {
  /**
   * At least two.
   */
  'groups'?: (_stepwire_v1_ComparisonGroupInput)[];
  /**
   * "accuracy" (the default of classifications), "loss" (of all others), "macro_f1", "balanced_accuracy", "matthews_correlation", "roc_auc" or
   * "brier".
   */
  'metric'?: (string);
  /**
   * The smallest difference that matters, in the metric's unit, declared before the evaluations were looked at. Without it no two groups can be
   * EQUIVALENT.
   */
  'margin'?: (number | string);
  /**
   * Confidence level of the intervals; verdicts are given at 1 less it. Above 0.5, 0.95 when not set.
   */
  'level'?: (number | string);
  /**
   * Of the p-values of all pairs: "holm" (the default) or "benjamini-hochberg".
   */
  'correction'?: (string);
  /**
   * Name of the group that each other one is compared with; all pairs when empty.
   */
  'reference'?: (string);
  /**
   * The interval of a difference of accuracies of one evaluation each: "tango" (the default) or "newcombe".
   */
  'interval'?: (string);
  /**
   * What is meant to differ between the groups besides optimizer and seeds: "split_digest", "base_weights", "tokenizer", "max_length",
   * "train_rows", "epochs", "steps", "batch_size", "budget", "schedule", "max_grad_norm", "on_nan",
   * "micro_batch_tokens", "precision", "lora" or "resume_from". One that does not differ is an error.
   */
  'intended_differences'?: (string)[];
  '_margin'?: "margin";
  '_level'?: "level";
}

export interface CompareRequest {
  /**
   * At least two.
   */
  'groups': (_stepwire_v1_ComparisonGroup)[];
  /**
   * "accuracy" (the default of classifications), "loss" (of all others), "macro_f1", "balanced_accuracy", "matthews_correlation", "roc_auc" or
   * "brier".
   */
  'metric': (string);
  /**
   * The smallest difference that matters, in the metric's unit, declared before the evaluations were looked at. Without it no two groups can be
   * EQUIVALENT.
   */
  'margin'?: (number);
  /**
   * Confidence level of the intervals; verdicts are given at 1 less it. Above 0.5, 0.95 when not set.
   */
  'level'?: (number);
  /**
   * Of the p-values of all pairs: "holm" (the default) or "benjamini-hochberg".
   */
  'correction': (string);
  /**
   * Name of the group that each other one is compared with; all pairs when empty.
   */
  'reference': (string);
  /**
   * The interval of a difference of accuracies of one evaluation each: "tango" (the default) or "newcombe".
   */
  'interval': (string);
  /**
   * What is meant to differ between the groups besides optimizer and seeds: "split_digest", "base_weights", "tokenizer", "max_length",
   * "train_rows", "epochs", "steps", "batch_size", "budget", "schedule", "max_grad_norm", "on_nan",
   * "micro_batch_tokens", "precision", "lora" or "resume_from". One that does not differ is an error.
   */
  'intended_differences': (string)[];
  '_margin'?: "margin";
  '_level'?: "level";
}
