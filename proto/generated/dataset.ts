import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.js';
import type { ClassCountInput as _stepwire_v1_ClassCountInput, ClassCount as _stepwire_v1_ClassCount } from './stepwire/v1/ClassCount.js';
import type { DatasetInput as _stepwire_v1_DatasetInput, Dataset as _stepwire_v1_Dataset } from './stepwire/v1/Dataset.js';
import type { DatasetColumnsInput as _stepwire_v1_DatasetColumnsInput, DatasetColumns as _stepwire_v1_DatasetColumns } from './stepwire/v1/DatasetColumns.js';
import type { DatasetSplitInput as _stepwire_v1_DatasetSplitInput, DatasetSplit as _stepwire_v1_DatasetSplit } from './stepwire/v1/DatasetSplit.js';
import type { LengthBucketInput as _stepwire_v1_LengthBucketInput, LengthBucket as _stepwire_v1_LengthBucket } from './stepwire/v1/LengthBucket.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      Timestamp: MessageTypeDefinition<_google_protobuf_TimestampInput, _google_protobuf_Timestamp>
    }
  }
  stepwire: {
    v1: {
      ClassCount: MessageTypeDefinition<_stepwire_v1_ClassCountInput, _stepwire_v1_ClassCount>
      Dataset: MessageTypeDefinition<_stepwire_v1_DatasetInput, _stepwire_v1_Dataset>
      DatasetColumns: MessageTypeDefinition<_stepwire_v1_DatasetColumnsInput, _stepwire_v1_DatasetColumns>
      DatasetSplit: MessageTypeDefinition<_stepwire_v1_DatasetSplitInput, _stepwire_v1_DatasetSplit>
      LengthBucket: MessageTypeDefinition<_stepwire_v1_LengthBucketInput, _stepwire_v1_LengthBucket>
    }
  }
}

