import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { IntervalInput as _stepwire_v1_IntervalInput, Interval as _stepwire_v1_Interval } from './stepwire/v1/Interval.js';
import type { ResamplingInput as _stepwire_v1_ResamplingInput, Resampling as _stepwire_v1_Resampling } from './stepwire/v1/Resampling.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  stepwire: {
    v1: {
      Interval: MessageTypeDefinition<_stepwire_v1_IntervalInput, _stepwire_v1_Interval>
      Resampling: MessageTypeDefinition<_stepwire_v1_ResamplingInput, _stepwire_v1_Resampling>
    }
  }
}

