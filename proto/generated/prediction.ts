import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { PredictionInput as _stepwire_v1_PredictionInput, Prediction as _stepwire_v1_Prediction } from './stepwire/v1/Prediction.js';
import type { TextExampleInput as _stepwire_v1_TextExampleInput, TextExample as _stepwire_v1_TextExample } from './stepwire/v1/TextExample.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  stepwire: {
    v1: {
      Prediction: MessageTypeDefinition<_stepwire_v1_PredictionInput, _stepwire_v1_Prediction>
      TextExample: MessageTypeDefinition<_stepwire_v1_TextExampleInput, _stepwire_v1_TextExample>
    }
  }
}

