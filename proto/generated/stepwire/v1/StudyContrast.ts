// Original file: stepwire/v1/study.proto


/**
 * Two arms that are compared, the first with the second.
 */
export interface StudyContrastInput {
  'first'?: (string);
  'second'?: (string);
}

/**
 * Two arms that are compared, the first with the second.
 */
export interface StudyContrast {
  'first': (string);
  'second': (string);
}
