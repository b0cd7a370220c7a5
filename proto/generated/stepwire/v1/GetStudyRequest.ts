// Original file: stepwire/v1/study_service.proto


export interface GetStudyRequestInput {
  'id'?: (string);
}

export interface GetStudyRequest {
  'id': (string);
}
