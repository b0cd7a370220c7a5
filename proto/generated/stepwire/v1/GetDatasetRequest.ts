// Original file: stepwire/v1/catalog_service.proto


export interface GetDatasetRequestInput {
  'id'?: (string);
}

export interface GetDatasetRequest {
  'id': (string);
}
