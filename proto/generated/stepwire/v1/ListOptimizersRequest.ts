// Original file: stepwire/v1/catalog_service.proto


export interface ListOptimizersRequestInput {
}

export interface ListOptimizersRequest {
}
