// Original file: stepwire/v1/catalog_service.proto


export interface GetOptimizerRequestInput {
  /**
   * An optimizer or one of its ablations.
   */
  'name'?: (string);
}

export interface GetOptimizerRequest {
  /**
   * An optimizer or one of its ablations.
   */
  'name': (string);
}
