// Original file: stepwire/v1/study_service.proto


export interface WatchStudyRequestInput {
  'id'?: (string);
}

export interface WatchStudyRequest {
  'id': (string);
}
