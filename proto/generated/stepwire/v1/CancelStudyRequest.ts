// Original file: stepwire/v1/study_service.proto


export interface CancelStudyRequestInput {
  'id'?: (string);
}

export interface CancelStudyRequest {
  'id': (string);
}
