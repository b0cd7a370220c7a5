import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { EmptyInput as _google_protobuf_EmptyInput, Empty as _google_protobuf_Empty } from './google/protobuf/Empty.js';
import type { ListValueInput as _google_protobuf_ListValueInput, ListValue as _google_protobuf_ListValue } from './google/protobuf/ListValue.js';
import type { StructInput as _google_protobuf_StructInput, Struct as _google_protobuf_Struct } from './google/protobuf/Struct.js';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.js';
import type { ValueInput as _google_protobuf_ValueInput, Value as _google_protobuf_Value } from './google/protobuf/Value.js';
import type { AttemptStartedInput as _stepwire_v1_AttemptStartedInput, AttemptStarted as _stepwire_v1_AttemptStarted } from './stepwire/v1/AttemptStarted.js';
import type { BootstrapSettingsInput as _stepwire_v1_BootstrapSettingsInput, BootstrapSettings as _stepwire_v1_BootstrapSettings } from './stepwire/v1/BootstrapSettings.js';
import type { CancelEvaluationRequestInput as _stepwire_v1_CancelEvaluationRequestInput, CancelEvaluationRequest as _stepwire_v1_CancelEvaluationRequest } from './stepwire/v1/CancelEvaluationRequest.js';
import type { ChainElementInput as _stepwire_v1_ChainElementInput, ChainElement as _stepwire_v1_ChainElement } from './stepwire/v1/ChainElement.js';
import type { CheckpointSavedInput as _stepwire_v1_CheckpointSavedInput, CheckpointSaved as _stepwire_v1_CheckpointSaved } from './stepwire/v1/CheckpointSaved.js';
import type { ClassMetricsInput as _stepwire_v1_ClassMetricsInput, ClassMetrics as _stepwire_v1_ClassMetrics } from './stepwire/v1/ClassMetrics.js';
import type { CompareRequestInput as _stepwire_v1_CompareRequestInput, CompareRequest as _stepwire_v1_CompareRequest } from './stepwire/v1/CompareRequest.js';
import type { ComparedGroupInput as _stepwire_v1_ComparedGroupInput, ComparedGroup as _stepwire_v1_ComparedGroup } from './stepwire/v1/ComparedGroup.js';
import type { ComparisonInput as _stepwire_v1_ComparisonInput, Comparison as _stepwire_v1_Comparison } from './stepwire/v1/Comparison.js';
import type { ComparisonGroupInput as _stepwire_v1_ComparisonGroupInput, ComparisonGroup as _stepwire_v1_ComparisonGroup } from './stepwire/v1/ComparisonGroup.js';
import type { ConfusionRowInput as _stepwire_v1_ConfusionRowInput, ConfusionRow as _stepwire_v1_ConfusionRow } from './stepwire/v1/ConfusionRow.js';
import type { CreateEvaluationRequestInput as _stepwire_v1_CreateEvaluationRequestInput, CreateEvaluationRequest as _stepwire_v1_CreateEvaluationRequest } from './stepwire/v1/CreateEvaluationRequest.js';
import type { DatasetSpecInput as _stepwire_v1_DatasetSpecInput, DatasetSpec as _stepwire_v1_DatasetSpec } from './stepwire/v1/DatasetSpec.js';
import type { DeleteEvaluationRequestInput as _stepwire_v1_DeleteEvaluationRequestInput, DeleteEvaluationRequest as _stepwire_v1_DeleteEvaluationRequest } from './stepwire/v1/DeleteEvaluationRequest.js';
import type { DifferentFactInput as _stepwire_v1_DifferentFactInput, DifferentFact as _stepwire_v1_DifferentFact } from './stepwire/v1/DifferentFact.js';
import type { EqualFactInput as _stepwire_v1_EqualFactInput, EqualFact as _stepwire_v1_EqualFact } from './stepwire/v1/EqualFact.js';
import type { EvaluatePredictionsRequestInput as _stepwire_v1_EvaluatePredictionsRequestInput, EvaluatePredictionsRequest as _stepwire_v1_EvaluatePredictionsRequest } from './stepwire/v1/EvaluatePredictionsRequest.js';
import type { EvaluationInput as _stepwire_v1_EvaluationInput, Evaluation as _stepwire_v1_Evaluation } from './stepwire/v1/Evaluation.js';
import type { EvaluationMetricsInput as _stepwire_v1_EvaluationMetricsInput, EvaluationMetrics as _stepwire_v1_EvaluationMetrics } from './stepwire/v1/EvaluationMetrics.js';
import type { EvaluationProgressInput as _stepwire_v1_EvaluationProgressInput, EvaluationProgress as _stepwire_v1_EvaluationProgress } from './stepwire/v1/EvaluationProgress.js';
import type { EvaluatorServiceClient as _stepwire_v1_EvaluatorServiceClient, EvaluatorServiceDefinition as _stepwire_v1_EvaluatorServiceDefinition } from './stepwire/v1/EvaluatorService.js';
import type { FairnessLedgerInput as _stepwire_v1_FairnessLedgerInput, FairnessLedger as _stepwire_v1_FairnessLedger } from './stepwire/v1/FairnessLedger.js';
import type { GetEvaluationRequestInput as _stepwire_v1_GetEvaluationRequestInput, GetEvaluationRequest as _stepwire_v1_GetEvaluationRequest } from './stepwire/v1/GetEvaluationRequest.js';
import type { GroupValueInput as _stepwire_v1_GroupValueInput, GroupValue as _stepwire_v1_GroupValue } from './stepwire/v1/GroupValue.js';
import type { HeartbeatInput as _stepwire_v1_HeartbeatInput, Heartbeat as _stepwire_v1_Heartbeat } from './stepwire/v1/Heartbeat.js';
import type { HyperparameterInput as _stepwire_v1_HyperparameterInput, Hyperparameter as _stepwire_v1_Hyperparameter } from './stepwire/v1/Hyperparameter.js';
import type { IntervalInput as _stepwire_v1_IntervalInput, Interval as _stepwire_v1_Interval } from './stepwire/v1/Interval.js';
import type { JobErrorInput as _stepwire_v1_JobErrorInput, JobError as _stepwire_v1_JobError } from './stepwire/v1/JobError.js';
import type { ListEvaluationsRequestInput as _stepwire_v1_ListEvaluationsRequestInput, ListEvaluationsRequest as _stepwire_v1_ListEvaluationsRequest } from './stepwire/v1/ListEvaluationsRequest.js';
import type { ListEvaluationsResponseInput as _stepwire_v1_ListEvaluationsResponseInput, ListEvaluationsResponse as _stepwire_v1_ListEvaluationsResponse } from './stepwire/v1/ListEvaluationsResponse.js';
import type { LogLineInput as _stepwire_v1_LogLineInput, LogLine as _stepwire_v1_LogLine } from './stepwire/v1/LogLine.js';
import type { LoraSpecInput as _stepwire_v1_LoraSpecInput, LoraSpec as _stepwire_v1_LoraSpec } from './stepwire/v1/LoraSpec.js';
import type { MetricPointInput as _stepwire_v1_MetricPointInput, MetricPoint as _stepwire_v1_MetricPoint } from './stepwire/v1/MetricPoint.js';
import type { NeededDataInput as _stepwire_v1_NeededDataInput, NeededData as _stepwire_v1_NeededData } from './stepwire/v1/NeededData.js';
import type { OptimizerInput as _stepwire_v1_OptimizerInput, Optimizer as _stepwire_v1_Optimizer } from './stepwire/v1/Optimizer.js';
import type { OptimizerElementInput as _stepwire_v1_OptimizerElementInput, OptimizerElement as _stepwire_v1_OptimizerElement } from './stepwire/v1/OptimizerElement.js';
import type { OptimizerSpecInput as _stepwire_v1_OptimizerSpecInput, OptimizerSpec as _stepwire_v1_OptimizerSpec } from './stepwire/v1/OptimizerSpec.js';
import type { OverallTestInput as _stepwire_v1_OverallTestInput, OverallTest as _stepwire_v1_OverallTest } from './stepwire/v1/OverallTest.js';
import type { PairComparisonInput as _stepwire_v1_PairComparisonInput, PairComparison as _stepwire_v1_PairComparison } from './stepwire/v1/PairComparison.js';
import type { ParameterGroupInput as _stepwire_v1_ParameterGroupInput, ParameterGroup as _stepwire_v1_ParameterGroup } from './stepwire/v1/ParameterGroup.js';
import type { PredictRequestInput as _stepwire_v1_PredictRequestInput, PredictRequest as _stepwire_v1_PredictRequest } from './stepwire/v1/PredictRequest.js';
import type { PredictResponseInput as _stepwire_v1_PredictResponseInput, PredictResponse as _stepwire_v1_PredictResponse } from './stepwire/v1/PredictResponse.js';
import type { PredictionInput as _stepwire_v1_PredictionInput, Prediction as _stepwire_v1_Prediction } from './stepwire/v1/Prediction.js';
import type { PredictionHeaderInput as _stepwire_v1_PredictionHeaderInput, PredictionHeader as _stepwire_v1_PredictionHeader } from './stepwire/v1/PredictionHeader.js';
import type { PredictionRowsInput as _stepwire_v1_PredictionRowsInput, PredictionRows as _stepwire_v1_PredictionRows } from './stepwire/v1/PredictionRows.js';
import type { PredictionSourceInput as _stepwire_v1_PredictionSourceInput, PredictionSource as _stepwire_v1_PredictionSource } from './stepwire/v1/PredictionSource.js';
import type { ResamplingInput as _stepwire_v1_ResamplingInput, Resampling as _stepwire_v1_Resampling } from './stepwire/v1/Resampling.js';
import type { ScheduleSpecInput as _stepwire_v1_ScheduleSpecInput, ScheduleSpec as _stepwire_v1_ScheduleSpec } from './stepwire/v1/ScheduleSpec.js';
import type { StateChangeInput as _stepwire_v1_StateChangeInput, StateChange as _stepwire_v1_StateChange } from './stepwire/v1/StateChange.js';
import type { TextExampleInput as _stepwire_v1_TextExampleInput, TextExample as _stepwire_v1_TextExample } from './stepwire/v1/TextExample.js';
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
      Empty: MessageTypeDefinition<_google_protobuf_EmptyInput, _google_protobuf_Empty>
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
      BootstrapSettings: MessageTypeDefinition<_stepwire_v1_BootstrapSettingsInput, _stepwire_v1_BootstrapSettings>
      CancelEvaluationRequest: MessageTypeDefinition<_stepwire_v1_CancelEvaluationRequestInput, _stepwire_v1_CancelEvaluationRequest>
      ChainElement: MessageTypeDefinition<_stepwire_v1_ChainElementInput, _stepwire_v1_ChainElement>
      CheckpointSaved: MessageTypeDefinition<_stepwire_v1_CheckpointSavedInput, _stepwire_v1_CheckpointSaved>
      ClassMetrics: MessageTypeDefinition<_stepwire_v1_ClassMetricsInput, _stepwire_v1_ClassMetrics>
      CompareRequest: MessageTypeDefinition<_stepwire_v1_CompareRequestInput, _stepwire_v1_CompareRequest>
      ComparedGroup: MessageTypeDefinition<_stepwire_v1_ComparedGroupInput, _stepwire_v1_ComparedGroup>
      Comparison: MessageTypeDefinition<_stepwire_v1_ComparisonInput, _stepwire_v1_Comparison>
      ComparisonGroup: MessageTypeDefinition<_stepwire_v1_ComparisonGroupInput, _stepwire_v1_ComparisonGroup>
      ConfusionRow: MessageTypeDefinition<_stepwire_v1_ConfusionRowInput, _stepwire_v1_ConfusionRow>
      CreateEvaluationRequest: MessageTypeDefinition<_stepwire_v1_CreateEvaluationRequestInput, _stepwire_v1_CreateEvaluationRequest>
      DatasetSpec: MessageTypeDefinition<_stepwire_v1_DatasetSpecInput, _stepwire_v1_DatasetSpec>
      DeleteEvaluationRequest: MessageTypeDefinition<_stepwire_v1_DeleteEvaluationRequestInput, _stepwire_v1_DeleteEvaluationRequest>
      DifferentFact: MessageTypeDefinition<_stepwire_v1_DifferentFactInput, _stepwire_v1_DifferentFact>
      EqualFact: MessageTypeDefinition<_stepwire_v1_EqualFactInput, _stepwire_v1_EqualFact>
      EvaluatePredictionsRequest: MessageTypeDefinition<_stepwire_v1_EvaluatePredictionsRequestInput, _stepwire_v1_EvaluatePredictionsRequest>
      Evaluation: MessageTypeDefinition<_stepwire_v1_EvaluationInput, _stepwire_v1_Evaluation>
      EvaluationMetrics: MessageTypeDefinition<_stepwire_v1_EvaluationMetricsInput, _stepwire_v1_EvaluationMetrics>
      EvaluationProgress: MessageTypeDefinition<_stepwire_v1_EvaluationProgressInput, _stepwire_v1_EvaluationProgress>
      EvaluationState: EnumTypeDefinition
      /**
       * Says how good a checkpoint is, and how sure that is.
       */
      EvaluatorService: SubtypeConstructor<typeof grpc.Client, _stepwire_v1_EvaluatorServiceClient> & { service: _stepwire_v1_EvaluatorServiceDefinition }
      FairnessLedger: MessageTypeDefinition<_stepwire_v1_FairnessLedgerInput, _stepwire_v1_FairnessLedger>
      GetEvaluationRequest: MessageTypeDefinition<_stepwire_v1_GetEvaluationRequestInput, _stepwire_v1_GetEvaluationRequest>
      GroupValue: MessageTypeDefinition<_stepwire_v1_GroupValueInput, _stepwire_v1_GroupValue>
      Heartbeat: MessageTypeDefinition<_stepwire_v1_HeartbeatInput, _stepwire_v1_Heartbeat>
      Hyperparameter: MessageTypeDefinition<_stepwire_v1_HyperparameterInput, _stepwire_v1_Hyperparameter>
      Interval: MessageTypeDefinition<_stepwire_v1_IntervalInput, _stepwire_v1_Interval>
      JobError: MessageTypeDefinition<_stepwire_v1_JobErrorInput, _stepwire_v1_JobError>
      ListEvaluationsRequest: MessageTypeDefinition<_stepwire_v1_ListEvaluationsRequestInput, _stepwire_v1_ListEvaluationsRequest>
      ListEvaluationsResponse: MessageTypeDefinition<_stepwire_v1_ListEvaluationsResponseInput, _stepwire_v1_ListEvaluationsResponse>
      LogLine: MessageTypeDefinition<_stepwire_v1_LogLineInput, _stepwire_v1_LogLine>
      LoraSpec: MessageTypeDefinition<_stepwire_v1_LoraSpecInput, _stepwire_v1_LoraSpec>
      MetricKind: EnumTypeDefinition
      MetricPoint: MessageTypeDefinition<_stepwire_v1_MetricPointInput, _stepwire_v1_MetricPoint>
      NanPolicy: EnumTypeDefinition
      NeededData: MessageTypeDefinition<_stepwire_v1_NeededDataInput, _stepwire_v1_NeededData>
      Optimizer: MessageTypeDefinition<_stepwire_v1_OptimizerInput, _stepwire_v1_Optimizer>
      OptimizerElement: MessageTypeDefinition<_stepwire_v1_OptimizerElementInput, _stepwire_v1_OptimizerElement>
      OptimizerElementKind: EnumTypeDefinition
      OptimizerSpec: MessageTypeDefinition<_stepwire_v1_OptimizerSpecInput, _stepwire_v1_OptimizerSpec>
      OverallTest: MessageTypeDefinition<_stepwire_v1_OverallTestInput, _stepwire_v1_OverallTest>
      PairComparison: MessageTypeDefinition<_stepwire_v1_PairComparisonInput, _stepwire_v1_PairComparison>
      ParameterGroup: MessageTypeDefinition<_stepwire_v1_ParameterGroupInput, _stepwire_v1_ParameterGroup>
      PredictRequest: MessageTypeDefinition<_stepwire_v1_PredictRequestInput, _stepwire_v1_PredictRequest>
      PredictResponse: MessageTypeDefinition<_stepwire_v1_PredictResponseInput, _stepwire_v1_PredictResponse>
      Prediction: MessageTypeDefinition<_stepwire_v1_PredictionInput, _stepwire_v1_Prediction>
      PredictionHeader: MessageTypeDefinition<_stepwire_v1_PredictionHeaderInput, _stepwire_v1_PredictionHeader>
      PredictionRows: MessageTypeDefinition<_stepwire_v1_PredictionRowsInput, _stepwire_v1_PredictionRows>
      PredictionSource: MessageTypeDefinition<_stepwire_v1_PredictionSourceInput, _stepwire_v1_PredictionSource>
      Resampling: MessageTypeDefinition<_stepwire_v1_ResamplingInput, _stepwire_v1_Resampling>
      ScheduleSpec: MessageTypeDefinition<_stepwire_v1_ScheduleSpecInput, _stepwire_v1_ScheduleSpec>
      StateChange: MessageTypeDefinition<_stepwire_v1_StateChangeInput, _stepwire_v1_StateChange>
      TextExample: MessageTypeDefinition<_stepwire_v1_TextExampleInput, _stepwire_v1_TextExample>
      TrainingEvent: MessageTypeDefinition<_stepwire_v1_TrainingEventInput, _stepwire_v1_TrainingEvent>
      TrainingJob: MessageTypeDefinition<_stepwire_v1_TrainingJobInput, _stepwire_v1_TrainingJob>
      TrainingJobState: EnumTypeDefinition
      TrainingOrigin: MessageTypeDefinition<_stepwire_v1_TrainingOriginInput, _stepwire_v1_TrainingOrigin>
      TrainingPlan: MessageTypeDefinition<_stepwire_v1_TrainingPlanInput, _stepwire_v1_TrainingPlan>
      TrainingProgress: MessageTypeDefinition<_stepwire_v1_TrainingProgressInput, _stepwire_v1_TrainingProgress>
      TrainingResult: MessageTypeDefinition<_stepwire_v1_TrainingResultInput, _stepwire_v1_TrainingResult>
      Verdict: EnumTypeDefinition
    }
  }
}

