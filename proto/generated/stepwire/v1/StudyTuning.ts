// Original file: stepwire/v1/study.proto

import type { Long } from '@grpc/proto-loader';

/**
 * How hyperparameters are chosen, the same for all arms.
 */
export interface StudyTuningInput {
  /**
   * Of each arm; 1 when not set: there is nothing to choose then.
   */
  'trials'?: (number);
  /**
   * "grid" (the default): every combination of values, a range spaced evenly. "random": drawn with search_seed.
   */
  'method'?: (string);
  /**
   * What decides on the validation split: "accuracy" or "loss"; accuracy when empty, and loss where there are no classes.
   */
  'metric'?: (string);
  /**
   * Training seeds of each trial; 0 when empty. None of them may be a seed of the study.
   */
  'seeds'?: (number | string | Long)[];
  'search_seed'?: (number | string | Long);
  '_trials'?: "trials";
  '_search_seed'?: "search_seed";
}

/**
 * How hyperparameters are chosen, the same for all arms.
 */
export interface StudyTuning {
  /**
   * Of each arm; 1 when not set: there is nothing to choose then.
   */
  'trials'?: (number);
  /**
   * "grid" (the default): every combination of values, a range spaced evenly. "random": drawn with search_seed.
   */
  'method': (string);
  /**
   * What decides on the validation split: "accuracy" or "loss"; accuracy when empty, and loss where there are no classes.
   */
  'metric': (string);
  /**
   * Training seeds of each trial; 0 when empty. None of them may be a seed of the study.
   */
  'seeds': (string)[];
  'search_seed'?: (string);
  '_trials'?: "trials";
  '_search_seed'?: "search_seed";
}
