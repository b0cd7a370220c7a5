// Original file: stepwire/v1/study.proto


/**
 * What somebody claimed for an arm, shown beside what was measured.
 */
export interface StudyClaimInput {
  'arm'?: (string);
  /**
   * In the unit of the metric.
   */
  'value'?: (number | string);
  /**
   * Who claimed it, and where.
   */
  'source'?: (string);
  '_value'?: "value";
}

/**
 * What somebody claimed for an arm, shown beside what was measured.
 */
export interface StudyClaim {
  'arm': (string);
  /**
   * In the unit of the metric.
   */
  'value'?: (number);
  /**
   * Who claimed it, and where.
   */
  'source': (string);
  '_value'?: "value";
}
