// Original file: stepwire/v1/study_service.proto


export interface ListStudiesRequestInput {
  /**
   * At most 1000; 50 when 0.
   */
  'page_size'?: (number);
  'page_token'?: (string);
}

export interface ListStudiesRequest {
  /**
   * At most 1000; 50 when 0.
   */
  'page_size': (number);
  'page_token': (string);
}
