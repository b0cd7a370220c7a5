// Original file: stepwire/v1/dataset.proto

import type { ClassCountInput as _stepwire_v1_ClassCountInput, ClassCount as _stepwire_v1_ClassCount } from '../../stepwire/v1/ClassCount.js';
import type { LengthBucketInput as _stepwire_v1_LengthBucketInput, LengthBucket as _stepwire_v1_LengthBucket } from '../../stepwire/v1/LengthBucket.js';

/**
 * One split of a data set.
 */
export interface DatasetSplitInput {
  /**
   * "train", "validation" or "test".
   */
  'name'?: (string);
  'rows'?: (number);
  'class_counts'?: (_stepwire_v1_ClassCountInput)[];
  /**
   * Token counts of the rows with the default model's tokenizer; in a split of more than 50,000 rows, of as many spread evenly over it.
   */
  'token_lengths'?: (_stepwire_v1_LengthBucketInput)[];
  /**
   * SHA-256 (hex) over the canonical rows of this split.
   */
  'digest'?: (string);
  /**
   * Rows whose text stands in this split more than once.
   */
  'duplicates'?: (number);
}

/**
 * One split of a data set.
 */
export interface DatasetSplit {
  /**
   * "train", "validation" or "test".
   */
  'name': (string);
  'rows': (number);
  'class_counts': (_stepwire_v1_ClassCount)[];
  /**
   * Token counts of the rows with the default model's tokenizer; in a split of more than 50,000 rows, of as many spread evenly over it.
   */
  'token_lengths': (_stepwire_v1_LengthBucket)[];
  /**
   * SHA-256 (hex) over the canonical rows of this split.
   */
  'digest': (string);
  /**
   * Rows whose text stands in this split more than once.
   */
  'duplicates': (number);
}
