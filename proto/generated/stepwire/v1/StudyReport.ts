// Original file: stepwire/v1/study_service.proto


export interface StudyReportInput {
  /**
   * For example "text/html; charset=utf-8".
   */
  'media_type'?: (string);
  'document'?: (string);
}

export interface StudyReport {
  /**
   * For example "text/html; charset=utf-8".
   */
  'media_type': (string);
  'document': (string);
}
