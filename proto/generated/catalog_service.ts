import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { ListValueInput as _google_protobuf_ListValueInput, ListValue as _google_protobuf_ListValue } from './google/protobuf/ListValue.js';
import type { StructInput as _google_protobuf_StructInput, Struct as _google_protobuf_Struct } from './google/protobuf/Struct.js';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.js';
import type { ValueInput as _google_protobuf_ValueInput, Value as _google_protobuf_Value } from './google/protobuf/Value.js';
import type { CatalogServiceClient as _stepwire_v1_CatalogServiceClient, CatalogServiceDefinition as _stepwire_v1_CatalogServiceDefinition } from './stepwire/v1/CatalogService.js';
import type { ChainElementInput as _stepwire_v1_ChainElementInput, ChainElement as _stepwire_v1_ChainElement } from './stepwire/v1/ChainElement.js';
import type { ClassCountInput as _stepwire_v1_ClassCountInput, ClassCount as _stepwire_v1_ClassCount } from './stepwire/v1/ClassCount.js';
import type { DatasetInput as _stepwire_v1_DatasetInput, Dataset as _stepwire_v1_Dataset } from './stepwire/v1/Dataset.js';
import type { DatasetColumnsInput as _stepwire_v1_DatasetColumnsInput, DatasetColumns as _stepwire_v1_DatasetColumns } from './stepwire/v1/DatasetColumns.js';
import type { DatasetSplitInput as _stepwire_v1_DatasetSplitInput, DatasetSplit as _stepwire_v1_DatasetSplit } from './stepwire/v1/DatasetSplit.js';
import type { GetDatasetRequestInput as _stepwire_v1_GetDatasetRequestInput, GetDatasetRequest as _stepwire_v1_GetDatasetRequest } from './stepwire/v1/GetDatasetRequest.js';
import type { GetOptimizerRequestInput as _stepwire_v1_GetOptimizerRequestInput, GetOptimizerRequest as _stepwire_v1_GetOptimizerRequest } from './stepwire/v1/GetOptimizerRequest.js';
import type { HyperparameterInput as _stepwire_v1_HyperparameterInput, Hyperparameter as _stepwire_v1_Hyperparameter } from './stepwire/v1/Hyperparameter.js';
import type { ImportDatasetFileInput as _stepwire_v1_ImportDatasetFileInput, ImportDatasetFile as _stepwire_v1_ImportDatasetFile } from './stepwire/v1/ImportDatasetFile.js';
import type { ImportDatasetHeaderInput as _stepwire_v1_ImportDatasetHeaderInput, ImportDatasetHeader as _stepwire_v1_ImportDatasetHeader } from './stepwire/v1/ImportDatasetHeader.js';
import type { ImportDatasetRequestInput as _stepwire_v1_ImportDatasetRequestInput, ImportDatasetRequest as _stepwire_v1_ImportDatasetRequest } from './stepwire/v1/ImportDatasetRequest.js';
import type { LengthBucketInput as _stepwire_v1_LengthBucketInput, LengthBucket as _stepwire_v1_LengthBucket } from './stepwire/v1/LengthBucket.js';
import type { ListOptimizersRequestInput as _stepwire_v1_ListOptimizersRequestInput, ListOptimizersRequest as _stepwire_v1_ListOptimizersRequest } from './stepwire/v1/ListOptimizersRequest.js';
import type { ListOptimizersResponseInput as _stepwire_v1_ListOptimizersResponseInput, ListOptimizersResponse as _stepwire_v1_ListOptimizersResponse } from './stepwire/v1/ListOptimizersResponse.js';
import type { OptimizerInput as _stepwire_v1_OptimizerInput, Optimizer as _stepwire_v1_Optimizer } from './stepwire/v1/Optimizer.js';
import type { OptimizerElementInput as _stepwire_v1_OptimizerElementInput, OptimizerElement as _stepwire_v1_OptimizerElement } from './stepwire/v1/OptimizerElement.js';
import type { OptimizerSpecInput as _stepwire_v1_OptimizerSpecInput, OptimizerSpec as _stepwire_v1_OptimizerSpec } from './stepwire/v1/OptimizerSpec.js';
import type { ParameterGroupInput as _stepwire_v1_ParameterGroupInput, ParameterGroup as _stepwire_v1_ParameterGroup } from './stepwire/v1/ParameterGroup.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      ListValue: MessageTypeDefinition<_google_protobuf_ListValueInput, _google_protobuf_ListValue>
      NullValue: EnumTypeDefinition
      Struct: MessageTypeDefinition<_google_protobuf_StructInput, _google_protobuf_Struct>
      Timestamp: MessageTypeDefinition<_google_protobuf_TimestampInput, _google_protobuf_Timestamp>
      Value: MessageTypeDefinition<_google_protobuf_ValueInput, _google_protobuf_Value>
    }
  }
  stepwire: {
    v1: {
      /**
       * What there is to train with: optimizers and data sets.
       */
      CatalogService: SubtypeConstructor<typeof grpc.Client, _stepwire_v1_CatalogServiceClient> & { service: _stepwire_v1_CatalogServiceDefinition }
      ChainElement: MessageTypeDefinition<_stepwire_v1_ChainElementInput, _stepwire_v1_ChainElement>
      ClassCount: MessageTypeDefinition<_stepwire_v1_ClassCountInput, _stepwire_v1_ClassCount>
      Dataset: MessageTypeDefinition<_stepwire_v1_DatasetInput, _stepwire_v1_Dataset>
      DatasetColumns: MessageTypeDefinition<_stepwire_v1_DatasetColumnsInput, _stepwire_v1_DatasetColumns>
      DatasetFormat: EnumTypeDefinition
      DatasetSplit: MessageTypeDefinition<_stepwire_v1_DatasetSplitInput, _stepwire_v1_DatasetSplit>
      GetDatasetRequest: MessageTypeDefinition<_stepwire_v1_GetDatasetRequestInput, _stepwire_v1_GetDatasetRequest>
      GetOptimizerRequest: MessageTypeDefinition<_stepwire_v1_GetOptimizerRequestInput, _stepwire_v1_GetOptimizerRequest>
      Hyperparameter: MessageTypeDefinition<_stepwire_v1_HyperparameterInput, _stepwire_v1_Hyperparameter>
      ImportDatasetFile: MessageTypeDefinition<_stepwire_v1_ImportDatasetFileInput, _stepwire_v1_ImportDatasetFile>
      ImportDatasetHeader: MessageTypeDefinition<_stepwire_v1_ImportDatasetHeaderInput, _stepwire_v1_ImportDatasetHeader>
      ImportDatasetRequest: MessageTypeDefinition<_stepwire_v1_ImportDatasetRequestInput, _stepwire_v1_ImportDatasetRequest>
      LengthBucket: MessageTypeDefinition<_stepwire_v1_LengthBucketInput, _stepwire_v1_LengthBucket>
      ListOptimizersRequest: MessageTypeDefinition<_stepwire_v1_ListOptimizersRequestInput, _stepwire_v1_ListOptimizersRequest>
      ListOptimizersResponse: MessageTypeDefinition<_stepwire_v1_ListOptimizersResponseInput, _stepwire_v1_ListOptimizersResponse>
      Optimizer: MessageTypeDefinition<_stepwire_v1_OptimizerInput, _stepwire_v1_Optimizer>
      OptimizerElement: MessageTypeDefinition<_stepwire_v1_OptimizerElementInput, _stepwire_v1_OptimizerElement>
      OptimizerElementKind: EnumTypeDefinition
      OptimizerSpec: MessageTypeDefinition<_stepwire_v1_OptimizerSpecInput, _stepwire_v1_OptimizerSpec>
      ParameterGroup: MessageTypeDefinition<_stepwire_v1_ParameterGroupInput, _stepwire_v1_ParameterGroup>
    }
  }
}

