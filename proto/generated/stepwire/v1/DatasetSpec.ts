// Original file: stepwire/v1/training_job.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Which rows a job trains and validates on.
 */
export interface DatasetSpecInput {
  'id'?: (string);
  /**
   * Split to train on; "train" when empty.
   */
  'train_split'?: (string);
  /**
   * Split to validate on; "validation" when the data set has one, otherwise cut from the training split.
   */
  'validation_split'?: (string);
  /**
   * Share of the training split cut off for validation, stratified, duplicates kept on one side.
   */
  'validation_fraction'?: (number | string);
  /**
   * Seed of that cut.
   */
  'split_seed'?: (number | string | Long);
  /**
   * Train on this many rows only, the first ones after a shuffle with `seed`; all when not set.
   */
  'max_train_rows'?: (number);
  '_validation_fraction'?: "validation_fraction";
  '_split_seed'?: "split_seed";
  '_max_train_rows'?: "max_train_rows";
}

/**
 * Which rows a job trains and validates on.
 */
export interface DatasetSpec {
  'id': (string);
  /**
   * Split to train on; "train" when empty.
   */
  'train_split': (string);
  /**
   * Split to validate on; "validation" when the data set has one, otherwise cut from the training split.
   */
  'validation_split': (string);
  /**
   * Share of the training split cut off for validation, stratified, duplicates kept on one side.
   */
  'validation_fraction'?: (number);
  /**
   * Seed of that cut.
   */
  'split_seed'?: (string);
  /**
   * Train on this many rows only, the first ones after a shuffle with `seed`; all when not set.
   */
  'max_train_rows'?: (number);
  '_validation_fraction'?: "validation_fraction";
  '_split_seed'?: "split_seed";
  '_max_train_rows'?: "max_train_rows";
}
