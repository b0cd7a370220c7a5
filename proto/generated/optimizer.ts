import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { ListValueInput as _google_protobuf_ListValueInput, ListValue as _google_protobuf_ListValue } from './google/protobuf/ListValue.js';
import type { StructInput as _google_protobuf_StructInput, Struct as _google_protobuf_Struct } from './google/protobuf/Struct.js';
import type { ValueInput as _google_protobuf_ValueInput, Value as _google_protobuf_Value } from './google/protobuf/Value.js';
import type { ChainElementInput as _stepwire_v1_ChainElementInput, ChainElement as _stepwire_v1_ChainElement } from './stepwire/v1/ChainElement.js';
import type { HyperparameterInput as _stepwire_v1_HyperparameterInput, Hyperparameter as _stepwire_v1_Hyperparameter } from './stepwire/v1/Hyperparameter.js';
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
      Value: MessageTypeDefinition<_google_protobuf_ValueInput, _google_protobuf_Value>
    }
  }
  stepwire: {
    v1: {
      ChainElement: MessageTypeDefinition<_stepwire_v1_ChainElementInput, _stepwire_v1_ChainElement>
      Hyperparameter: MessageTypeDefinition<_stepwire_v1_HyperparameterInput, _stepwire_v1_Hyperparameter>
      Optimizer: MessageTypeDefinition<_stepwire_v1_OptimizerInput, _stepwire_v1_Optimizer>
      OptimizerElement: MessageTypeDefinition<_stepwire_v1_OptimizerElementInput, _stepwire_v1_OptimizerElement>
      OptimizerElementKind: EnumTypeDefinition
      OptimizerSpec: MessageTypeDefinition<_stepwire_v1_OptimizerSpecInput, _stepwire_v1_OptimizerSpec>
      ParameterGroup: MessageTypeDefinition<_stepwire_v1_ParameterGroupInput, _stepwire_v1_ParameterGroup>
    }
  }
}

