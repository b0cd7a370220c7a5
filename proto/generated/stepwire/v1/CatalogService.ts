// Original file: stepwire/v1/catalog_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DatasetInput as _stepwire_v1_DatasetInput, Dataset as _stepwire_v1_Dataset } from '../../stepwire/v1/Dataset.js';
import type { GetDatasetRequestInput as _stepwire_v1_GetDatasetRequestInput, GetDatasetRequest as _stepwire_v1_GetDatasetRequest } from '../../stepwire/v1/GetDatasetRequest.js';
import type { GetOptimizerRequestInput as _stepwire_v1_GetOptimizerRequestInput, GetOptimizerRequest as _stepwire_v1_GetOptimizerRequest } from '../../stepwire/v1/GetOptimizerRequest.js';
import type { ImportDatasetRequestInput as _stepwire_v1_ImportDatasetRequestInput, ImportDatasetRequest as _stepwire_v1_ImportDatasetRequest } from '../../stepwire/v1/ImportDatasetRequest.js';
import type { ListOptimizersRequestInput as _stepwire_v1_ListOptimizersRequestInput, ListOptimizersRequest as _stepwire_v1_ListOptimizersRequest } from '../../stepwire/v1/ListOptimizersRequest.js';
import type { ListOptimizersResponseInput as _stepwire_v1_ListOptimizersResponseInput, ListOptimizersResponse as _stepwire_v1_ListOptimizersResponse } from '../../stepwire/v1/ListOptimizersResponse.js';
import type { OptimizerInput as _stepwire_v1_OptimizerInput, Optimizer as _stepwire_v1_Optimizer } from '../../stepwire/v1/Optimizer.js';

/**
 * What there is to train with: optimizers and data sets.
 */
export interface CatalogServiceClient extends grpc.Client {
  GetDataset(argument: _stepwire_v1_GetDatasetRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Dataset>): grpc.ClientUnaryCall;
  GetDataset(argument: _stepwire_v1_GetDatasetRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Dataset>): grpc.ClientUnaryCall;
  GetDataset(argument: _stepwire_v1_GetDatasetRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Dataset>): grpc.ClientUnaryCall;
  GetDataset(argument: _stepwire_v1_GetDatasetRequestInput, callback: grpc.requestCallback<_stepwire_v1_Dataset>): grpc.ClientUnaryCall;
  getDataset(argument: _stepwire_v1_GetDatasetRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Dataset>): grpc.ClientUnaryCall;
  getDataset(argument: _stepwire_v1_GetDatasetRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Dataset>): grpc.ClientUnaryCall;
  getDataset(argument: _stepwire_v1_GetDatasetRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Dataset>): grpc.ClientUnaryCall;
  getDataset(argument: _stepwire_v1_GetDatasetRequestInput, callback: grpc.requestCallback<_stepwire_v1_Dataset>): grpc.ClientUnaryCall;
  
  GetOptimizer(argument: _stepwire_v1_GetOptimizerRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Optimizer>): grpc.ClientUnaryCall;
  GetOptimizer(argument: _stepwire_v1_GetOptimizerRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Optimizer>): grpc.ClientUnaryCall;
  GetOptimizer(argument: _stepwire_v1_GetOptimizerRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Optimizer>): grpc.ClientUnaryCall;
  GetOptimizer(argument: _stepwire_v1_GetOptimizerRequestInput, callback: grpc.requestCallback<_stepwire_v1_Optimizer>): grpc.ClientUnaryCall;
  getOptimizer(argument: _stepwire_v1_GetOptimizerRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Optimizer>): grpc.ClientUnaryCall;
  getOptimizer(argument: _stepwire_v1_GetOptimizerRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Optimizer>): grpc.ClientUnaryCall;
  getOptimizer(argument: _stepwire_v1_GetOptimizerRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Optimizer>): grpc.ClientUnaryCall;
  getOptimizer(argument: _stepwire_v1_GetOptimizerRequestInput, callback: grpc.requestCallback<_stepwire_v1_Optimizer>): grpc.ClientUnaryCall;
  
  /**
   * Reads rows, reports every fault (up to 100) by row, and stores nothing when there is one, or when the caller leaves before the answer.
   * RESOURCE_EXHAUSTED: TOO_MANY_IMPORTS (others wait already), IMPORT_TOO_LARGE (memory), IMPORT_STALLED, DISK_FULL.
   */
  ImportDataset(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Dataset>): grpc.ClientWritableStream<_stepwire_v1_ImportDatasetRequestInput>;
  ImportDataset(metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Dataset>): grpc.ClientWritableStream<_stepwire_v1_ImportDatasetRequestInput>;
  ImportDataset(options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Dataset>): grpc.ClientWritableStream<_stepwire_v1_ImportDatasetRequestInput>;
  ImportDataset(callback: grpc.requestCallback<_stepwire_v1_Dataset>): grpc.ClientWritableStream<_stepwire_v1_ImportDatasetRequestInput>;
  /**
   * Reads rows, reports every fault (up to 100) by row, and stores nothing when there is one, or when the caller leaves before the answer.
   * RESOURCE_EXHAUSTED: TOO_MANY_IMPORTS (others wait already), IMPORT_TOO_LARGE (memory), IMPORT_STALLED, DISK_FULL.
   */
  importDataset(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Dataset>): grpc.ClientWritableStream<_stepwire_v1_ImportDatasetRequestInput>;
  importDataset(metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Dataset>): grpc.ClientWritableStream<_stepwire_v1_ImportDatasetRequestInput>;
  importDataset(options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Dataset>): grpc.ClientWritableStream<_stepwire_v1_ImportDatasetRequestInput>;
  importDataset(callback: grpc.requestCallback<_stepwire_v1_Dataset>): grpc.ClientWritableStream<_stepwire_v1_ImportDatasetRequestInput>;
  
  ListOptimizers(argument: _stepwire_v1_ListOptimizersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_ListOptimizersResponse>): grpc.ClientUnaryCall;
  ListOptimizers(argument: _stepwire_v1_ListOptimizersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_ListOptimizersResponse>): grpc.ClientUnaryCall;
  ListOptimizers(argument: _stepwire_v1_ListOptimizersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_ListOptimizersResponse>): grpc.ClientUnaryCall;
  ListOptimizers(argument: _stepwire_v1_ListOptimizersRequestInput, callback: grpc.requestCallback<_stepwire_v1_ListOptimizersResponse>): grpc.ClientUnaryCall;
  listOptimizers(argument: _stepwire_v1_ListOptimizersRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_ListOptimizersResponse>): grpc.ClientUnaryCall;
  listOptimizers(argument: _stepwire_v1_ListOptimizersRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_ListOptimizersResponse>): grpc.ClientUnaryCall;
  listOptimizers(argument: _stepwire_v1_ListOptimizersRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_ListOptimizersResponse>): grpc.ClientUnaryCall;
  listOptimizers(argument: _stepwire_v1_ListOptimizersRequestInput, callback: grpc.requestCallback<_stepwire_v1_ListOptimizersResponse>): grpc.ClientUnaryCall;
  
}

/**
 * What there is to train with: optimizers and data sets.
 */
export interface CatalogServiceHandlers extends grpc.UntypedServiceImplementation {
  GetDataset: grpc.handleUnaryCall<_stepwire_v1_GetDatasetRequest, _stepwire_v1_DatasetInput>;
  
  GetOptimizer: grpc.handleUnaryCall<_stepwire_v1_GetOptimizerRequest, _stepwire_v1_OptimizerInput>;
  
  /**
   * Reads rows, reports every fault (up to 100) by row, and stores nothing when there is one, or when the caller leaves before the answer.
   * RESOURCE_EXHAUSTED: TOO_MANY_IMPORTS (others wait already), IMPORT_TOO_LARGE (memory), IMPORT_STALLED, DISK_FULL.
   */
  ImportDataset: grpc.handleClientStreamingCall<_stepwire_v1_ImportDatasetRequest, _stepwire_v1_DatasetInput>;
  
  ListOptimizers: grpc.handleUnaryCall<_stepwire_v1_ListOptimizersRequest, _stepwire_v1_ListOptimizersResponseInput>;
  
}

export interface CatalogServiceDefinition extends grpc.ServiceDefinition {
  GetDataset: MethodDefinition<_stepwire_v1_GetDatasetRequestInput, _stepwire_v1_DatasetInput, _stepwire_v1_GetDatasetRequest, _stepwire_v1_Dataset>
  GetOptimizer: MethodDefinition<_stepwire_v1_GetOptimizerRequestInput, _stepwire_v1_OptimizerInput, _stepwire_v1_GetOptimizerRequest, _stepwire_v1_Optimizer>
  ImportDataset: MethodDefinition<_stepwire_v1_ImportDatasetRequestInput, _stepwire_v1_DatasetInput, _stepwire_v1_ImportDatasetRequest, _stepwire_v1_Dataset>
  ListOptimizers: MethodDefinition<_stepwire_v1_ListOptimizersRequestInput, _stepwire_v1_ListOptimizersResponseInput, _stepwire_v1_ListOptimizersRequest, _stepwire_v1_ListOptimizersResponse>
}
