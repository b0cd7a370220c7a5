// Original file: stepwire/v1/comparison.proto


export interface ComparedGroupInput {
  'name'?: (string);
  'evaluations'?: (string)[];
  /**
   * The metric: the mean over evaluations.
   */
  'estimate'?: (number | string);
}

export interface ComparedGroup {
  'name': (string);
  'evaluations': (string)[];
  /**
   * The metric: the mean over evaluations.
   */
  'estimate': (number);
}
