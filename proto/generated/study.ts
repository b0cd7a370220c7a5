import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { ListValueInput as _google_protobuf_ListValueInput, ListValue as _google_protobuf_ListValue } from './google/protobuf/ListValue.js';
import type { StructInput as _google_protobuf_StructInput, Struct as _google_protobuf_Struct } from './google/protobuf/Struct.js';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.js';
import type { ValueInput as _google_protobuf_ValueInput, Value as _google_protobuf_Value } from './google/protobuf/Value.js';
import type { AttemptStartedInput as _stepwire_v1_AttemptStartedInput, AttemptStarted as _stepwire_v1_AttemptStarted } from './stepwire/v1/AttemptStarted.js';
import type { ChainElementInput as _stepwire_v1_ChainElementInput, ChainElement as _stepwire_v1_ChainElement } from './stepwire/v1/ChainElement.js';
import type { CheckpointSavedInput as _stepwire_v1_CheckpointSavedInput, CheckpointSaved as _stepwire_v1_CheckpointSaved } from './stepwire/v1/CheckpointSaved.js';
import type { DatasetSpecInput as _stepwire_v1_DatasetSpecInput, DatasetSpec as _stepwire_v1_DatasetSpec } from './stepwire/v1/DatasetSpec.js';
import type { HeartbeatInput as _stepwire_v1_HeartbeatInput, Heartbeat as _stepwire_v1_Heartbeat } from './stepwire/v1/Heartbeat.js';
import type { HyperparameterInput as _stepwire_v1_HyperparameterInput, Hyperparameter as _stepwire_v1_Hyperparameter } from './stepwire/v1/Hyperparameter.js';
import type { JobErrorInput as _stepwire_v1_JobErrorInput, JobError as _stepwire_v1_JobError } from './stepwire/v1/JobError.js';
import type { LogLineInput as _stepwire_v1_LogLineInput, LogLine as _stepwire_v1_LogLine } from './stepwire/v1/LogLine.js';
import type { LoraSpecInput as _stepwire_v1_LoraSpecInput, LoraSpec as _stepwire_v1_LoraSpec } from './stepwire/v1/LoraSpec.js';
import type { MetricPointInput as _stepwire_v1_MetricPointInput, MetricPoint as _stepwire_v1_MetricPoint } from './stepwire/v1/MetricPoint.js';
import type { OptimizerInput as _stepwire_v1_OptimizerInput, Optimizer as _stepwire_v1_Optimizer } from './stepwire/v1/Optimizer.js';
import type { OptimizerElementInput as _stepwire_v1_OptimizerElementInput, OptimizerElement as _stepwire_v1_OptimizerElement } from './stepwire/v1/OptimizerElement.js';
import type { OptimizerSpecInput as _stepwire_v1_OptimizerSpecInput, OptimizerSpec as _stepwire_v1_OptimizerSpec } from './stepwire/v1/OptimizerSpec.js';
import type { ParameterGroupInput as _stepwire_v1_ParameterGroupInput, ParameterGroup as _stepwire_v1_ParameterGroup } from './stepwire/v1/ParameterGroup.js';
import type { ScheduleSpecInput as _stepwire_v1_ScheduleSpecInput, ScheduleSpec as _stepwire_v1_ScheduleSpec } from './stepwire/v1/ScheduleSpec.js';
import type { SearchSpaceInput as _stepwire_v1_SearchSpaceInput, SearchSpace as _stepwire_v1_SearchSpace } from './stepwire/v1/SearchSpace.js';
import type { StateChangeInput as _stepwire_v1_StateChangeInput, StateChange as _stepwire_v1_StateChange } from './stepwire/v1/StateChange.js';
import type { StudyInput as _stepwire_v1_StudyInput, Study as _stepwire_v1_Study } from './stepwire/v1/Study.js';
import type { StudyArmInput as _stepwire_v1_StudyArmInput, StudyArm as _stepwire_v1_StudyArm } from './stepwire/v1/StudyArm.js';
import type { StudyClaimInput as _stepwire_v1_StudyClaimInput, StudyClaim as _stepwire_v1_StudyClaim } from './stepwire/v1/StudyClaim.js';
import type { StudyContrastInput as _stepwire_v1_StudyContrastInput, StudyContrast as _stepwire_v1_StudyContrast } from './stepwire/v1/StudyContrast.js';
import type { StudyPlanInput as _stepwire_v1_StudyPlanInput, StudyPlan as _stepwire_v1_StudyPlan } from './stepwire/v1/StudyPlan.js';
import type { StudyProgressInput as _stepwire_v1_StudyProgressInput, StudyProgress as _stepwire_v1_StudyProgress } from './stepwire/v1/StudyProgress.js';
import type { StudyRunInput as _stepwire_v1_StudyRunInput, StudyRun as _stepwire_v1_StudyRun } from './stepwire/v1/StudyRun.js';
import type { StudyTuningInput as _stepwire_v1_StudyTuningInput, StudyTuning as _stepwire_v1_StudyTuning } from './stepwire/v1/StudyTuning.js';
import type { TrainingEventInput as _stepwire_v1_TrainingEventInput, TrainingEvent as _stepwire_v1_TrainingEvent } from './stepwire/v1/TrainingEvent.js';
import type { TrainingJobInput as _stepwire_v1_TrainingJobInput, TrainingJob as _stepwire_v1_TrainingJob } from './stepwire/v1/TrainingJob.js';
import type { TrainingOriginInput as _stepwire_v1_TrainingOriginInput, TrainingOrigin as _stepwire_v1_TrainingOrigin } from './stepwire/v1/TrainingOrigin.js';
import type { TrainingPlanInput as _stepwire_v1_TrainingPlanInput, TrainingPlan as _stepwire_v1_TrainingPlan } from './stepwire/v1/TrainingPlan.js';
import type { TrainingProgressInput as _stepwire_v1_TrainingProgressInput, TrainingProgress as _stepwire_v1_TrainingProgress } from './stepwire/v1/TrainingProgress.js';
import type { TrainingResultInput as _stepwire_v1_TrainingResultInput, TrainingResult as _stepwire_v1_TrainingResult } from './stepwire/v1/TrainingResult.js';

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
      AttemptStarted: MessageTypeDefinition<_stepwire_v1_AttemptStartedInput, _stepwire_v1_AttemptStarted>
      ChainElement: MessageTypeDefinition<_stepwire_v1_ChainElementInput, _stepwire_v1_ChainElement>
      CheckpointSaved: MessageTypeDefinition<_stepwire_v1_CheckpointSavedInput, _stepwire_v1_CheckpointSaved>
      DatasetSpec: MessageTypeDefinition<_stepwire_v1_DatasetSpecInput, _stepwire_v1_DatasetSpec>
      Heartbeat: MessageTypeDefinition<_stepwire_v1_HeartbeatInput, _stepwire_v1_Heartbeat>
      Hyperparameter: MessageTypeDefinition<_stepwire_v1_HyperparameterInput, _stepwire_v1_Hyperparameter>
      JobError: MessageTypeDefinition<_stepwire_v1_JobErrorInput, _stepwire_v1_JobError>
      LogLine: MessageTypeDefinition<_stepwire_v1_LogLineInput, _stepwire_v1_LogLine>
      LoraSpec: MessageTypeDefinition<_stepwire_v1_LoraSpecInput, _stepwire_v1_LoraSpec>
      MetricKind: EnumTypeDefinition
      MetricPoint: MessageTypeDefinition<_stepwire_v1_MetricPointInput, _stepwire_v1_MetricPoint>
      NanPolicy: EnumTypeDefinition
      Optimizer: MessageTypeDefinition<_stepwire_v1_OptimizerInput, _stepwire_v1_Optimizer>
      OptimizerElement: MessageTypeDefinition<_stepwire_v1_OptimizerElementInput, _stepwire_v1_OptimizerElement>
      OptimizerElementKind: EnumTypeDefinition
      OptimizerSpec: MessageTypeDefinition<_stepwire_v1_OptimizerSpecInput, _stepwire_v1_OptimizerSpec>
      ParameterGroup: MessageTypeDefinition<_stepwire_v1_ParameterGroupInput, _stepwire_v1_ParameterGroup>
      ScheduleSpec: MessageTypeDefinition<_stepwire_v1_ScheduleSpecInput, _stepwire_v1_ScheduleSpec>
      SearchSpace: MessageTypeDefinition<_stepwire_v1_SearchSpaceInput, _stepwire_v1_SearchSpace>
      StateChange: MessageTypeDefinition<_stepwire_v1_StateChangeInput, _stepwire_v1_StateChange>
      Study: MessageTypeDefinition<_stepwire_v1_StudyInput, _stepwire_v1_Study>
      StudyArm: MessageTypeDefinition<_stepwire_v1_StudyArmInput, _stepwire_v1_StudyArm>
      StudyClaim: MessageTypeDefinition<_stepwire_v1_StudyClaimInput, _stepwire_v1_StudyClaim>
      StudyContrast: MessageTypeDefinition<_stepwire_v1_StudyContrastInput, _stepwire_v1_StudyContrast>
      StudyPhase: EnumTypeDefinition
      StudyPlan: MessageTypeDefinition<_stepwire_v1_StudyPlanInput, _stepwire_v1_StudyPlan>
      StudyProgress: MessageTypeDefinition<_stepwire_v1_StudyProgressInput, _stepwire_v1_StudyProgress>
      StudyRun: MessageTypeDefinition<_stepwire_v1_StudyRunInput, _stepwire_v1_StudyRun>
      StudyState: EnumTypeDefinition
      StudyTuning: MessageTypeDefinition<_stepwire_v1_StudyTuningInput, _stepwire_v1_StudyTuning>
      TrainingEvent: MessageTypeDefinition<_stepwire_v1_TrainingEventInput, _stepwire_v1_TrainingEvent>
      TrainingJob: MessageTypeDefinition<_stepwire_v1_TrainingJobInput, _stepwire_v1_TrainingJob>
      TrainingJobState: EnumTypeDefinition
      TrainingOrigin: MessageTypeDefinition<_stepwire_v1_TrainingOriginInput, _stepwire_v1_TrainingOrigin>
      TrainingPlan: MessageTypeDefinition<_stepwire_v1_TrainingPlanInput, _stepwire_v1_TrainingPlan>
      TrainingProgress: MessageTypeDefinition<_stepwire_v1_TrainingProgressInput, _stepwire_v1_TrainingProgress>
      TrainingResult: MessageTypeDefinition<_stepwire_v1_TrainingResultInput, _stepwire_v1_TrainingResult>
    }
  }
}

