// Original file: stepwire/v1/dataset.proto


/**
 * Counted rows whose token count is above the previous bucket's bound and at most this one's.
 */
export interface LengthBucketInput {
  'at_most'?: (number);
  'rows'?: (number);
}

/**
 * Counted rows whose token count is above the previous bucket's bound and at most this one's.
 */
export interface LengthBucket {
  'at_most': (number);
  'rows': (number);
}
