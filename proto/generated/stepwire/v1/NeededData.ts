// Original file: stepwire/v1/comparison.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What gives a verdict with the probability `power` if the truth is what was observed.
 */
export interface NeededDataInput {
  /**
   * In the place of those there are.
   */
  'examples'?: (number | string | Long);
  /**
   * Training seeds of each group, in the place of those there are.
   */
  'seeds'?: (number | string | Long);
  'power'?: (number | string);
  /**
   * A sentence.
   */
  'what'?: (string);
  '_examples'?: "examples";
  '_seeds'?: "seeds";
}

/**
 * What gives a verdict with the probability `power` if the truth is what was observed.
 */
export interface NeededData {
  /**
   * In the place of those there are.
   */
  'examples'?: (string);
  /**
   * Training seeds of each group, in the place of those there are.
   */
  'seeds'?: (string);
  'power': (number);
  /**
   * A sentence.
   */
  'what': (string);
  '_examples'?: "examples";
  '_seeds'?: "seeds";
}
