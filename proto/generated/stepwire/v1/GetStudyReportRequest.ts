// Original file: stepwire/v1/study_service.proto


export interface GetStudyReportRequestInput {
  'id'?: (string);
  /**
   * "json" (the default), "markdown" or "html".
   */
  'format'?: (string);
}

export interface GetStudyReportRequest {
  'id': (string);
  /**
   * "json" (the default), "markdown" or "html".
   */
  'format': (string);
}
