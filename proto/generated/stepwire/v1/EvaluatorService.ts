// Original file: stepwire/v1/evaluator_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CancelEvaluationRequestInput as _stepwire_v1_CancelEvaluationRequestInput, CancelEvaluationRequest as _stepwire_v1_CancelEvaluationRequest } from '../../stepwire/v1/CancelEvaluationRequest.js';
import type { CompareRequestInput as _stepwire_v1_CompareRequestInput, CompareRequest as _stepwire_v1_CompareRequest } from '../../stepwire/v1/CompareRequest.js';
import type { ComparisonInput as _stepwire_v1_ComparisonInput, Comparison as _stepwire_v1_Comparison } from '../../stepwire/v1/Comparison.js';
import type { CreateEvaluationRequestInput as _stepwire_v1_CreateEvaluationRequestInput, CreateEvaluationRequest as _stepwire_v1_CreateEvaluationRequest } from '../../stepwire/v1/CreateEvaluationRequest.js';
import type { DeleteEvaluationRequestInput as _stepwire_v1_DeleteEvaluationRequestInput, DeleteEvaluationRequest as _stepwire_v1_DeleteEvaluationRequest } from '../../stepwire/v1/DeleteEvaluationRequest.js';
import type { EmptyInput as _google_protobuf_EmptyInput, Empty as _google_protobuf_Empty } from '../../google/protobuf/Empty.js';
import type { EvaluatePredictionsRequestInput as _stepwire_v1_EvaluatePredictionsRequestInput, EvaluatePredictionsRequest as _stepwire_v1_EvaluatePredictionsRequest } from '../../stepwire/v1/EvaluatePredictionsRequest.js';
import type { EvaluationInput as _stepwire_v1_EvaluationInput, Evaluation as _stepwire_v1_Evaluation } from '../../stepwire/v1/Evaluation.js';
import type { GetEvaluationRequestInput as _stepwire_v1_GetEvaluationRequestInput, GetEvaluationRequest as _stepwire_v1_GetEvaluationRequest } from '../../stepwire/v1/GetEvaluationRequest.js';
import type { ListEvaluationsRequestInput as _stepwire_v1_ListEvaluationsRequestInput, ListEvaluationsRequest as _stepwire_v1_ListEvaluationsRequest } from '../../stepwire/v1/ListEvaluationsRequest.js';
import type { ListEvaluationsResponseInput as _stepwire_v1_ListEvaluationsResponseInput, ListEvaluationsResponse as _stepwire_v1_ListEvaluationsResponse } from '../../stepwire/v1/ListEvaluationsResponse.js';
import type { PredictRequestInput as _stepwire_v1_PredictRequestInput, PredictRequest as _stepwire_v1_PredictRequest } from '../../stepwire/v1/PredictRequest.js';
import type { PredictResponseInput as _stepwire_v1_PredictResponseInput, PredictResponse as _stepwire_v1_PredictResponse } from '../../stepwire/v1/PredictResponse.js';

/**
 * Says how good a checkpoint is, and how sure that is.
 */
export interface EvaluatorServiceClient extends grpc.Client {
  /**
   * Ends an evaluation that is not done; nothing of it stays. Idempotent; FAILED_PRECONDITION when it has succeeded or failed.
   */
  CancelEvaluation(argument: _stepwire_v1_CancelEvaluationRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  CancelEvaluation(argument: _stepwire_v1_CancelEvaluationRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  CancelEvaluation(argument: _stepwire_v1_CancelEvaluationRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  CancelEvaluation(argument: _stepwire_v1_CancelEvaluationRequestInput, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  /**
   * Ends an evaluation that is not done; nothing of it stays. Idempotent; FAILED_PRECONDITION when it has succeeded or failed.
   */
  cancelEvaluation(argument: _stepwire_v1_CancelEvaluationRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  cancelEvaluation(argument: _stepwire_v1_CancelEvaluationRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  cancelEvaluation(argument: _stepwire_v1_CancelEvaluationRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  cancelEvaluation(argument: _stepwire_v1_CancelEvaluationRequestInput, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  
  /**
   * Whether groups of evaluations differ, two by two, with a verdict for each pair. Refuses what cannot be compared fairly, naming all of it.
   */
  Compare(argument: _stepwire_v1_CompareRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Comparison>): grpc.ClientUnaryCall;
  Compare(argument: _stepwire_v1_CompareRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Comparison>): grpc.ClientUnaryCall;
  Compare(argument: _stepwire_v1_CompareRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Comparison>): grpc.ClientUnaryCall;
  Compare(argument: _stepwire_v1_CompareRequestInput, callback: grpc.requestCallback<_stepwire_v1_Comparison>): grpc.ClientUnaryCall;
  /**
   * Whether groups of evaluations differ, two by two, with a verdict for each pair. Refuses what cannot be compared fairly, naming all of it.
   */
  compare(argument: _stepwire_v1_CompareRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Comparison>): grpc.ClientUnaryCall;
  compare(argument: _stepwire_v1_CompareRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Comparison>): grpc.ClientUnaryCall;
  compare(argument: _stepwire_v1_CompareRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Comparison>): grpc.ClientUnaryCall;
  compare(argument: _stepwire_v1_CompareRequestInput, callback: grpc.requestCallback<_stepwire_v1_Comparison>): grpc.ClientUnaryCall;
  
  /**
   * Stores an evaluation and queues it. Returns once it is durable.
   */
  CreateEvaluation(argument: _stepwire_v1_CreateEvaluationRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  CreateEvaluation(argument: _stepwire_v1_CreateEvaluationRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  CreateEvaluation(argument: _stepwire_v1_CreateEvaluationRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  CreateEvaluation(argument: _stepwire_v1_CreateEvaluationRequestInput, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  /**
   * Stores an evaluation and queues it. Returns once it is durable.
   */
  createEvaluation(argument: _stepwire_v1_CreateEvaluationRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  createEvaluation(argument: _stepwire_v1_CreateEvaluationRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  createEvaluation(argument: _stepwire_v1_CreateEvaluationRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  createEvaluation(argument: _stepwire_v1_CreateEvaluationRequestInput, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  
  /**
   * Removes an evaluation that has ended, with its stored predictions: it cannot be compared any more. FAILED_PRECONDITION before it has ended.
   */
  DeleteEvaluation(argument: _stepwire_v1_DeleteEvaluationRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty>): grpc.ClientUnaryCall;
  DeleteEvaluation(argument: _stepwire_v1_DeleteEvaluationRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty>): grpc.ClientUnaryCall;
  DeleteEvaluation(argument: _stepwire_v1_DeleteEvaluationRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty>): grpc.ClientUnaryCall;
  DeleteEvaluation(argument: _stepwire_v1_DeleteEvaluationRequestInput, callback: grpc.requestCallback<_google_protobuf_Empty>): grpc.ClientUnaryCall;
  /**
   * Removes an evaluation that has ended, with its stored predictions: it cannot be compared any more. FAILED_PRECONDITION before it has ended.
   */
  deleteEvaluation(argument: _stepwire_v1_DeleteEvaluationRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty>): grpc.ClientUnaryCall;
  deleteEvaluation(argument: _stepwire_v1_DeleteEvaluationRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty>): grpc.ClientUnaryCall;
  deleteEvaluation(argument: _stepwire_v1_DeleteEvaluationRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty>): grpc.ClientUnaryCall;
  deleteEvaluation(argument: _stepwire_v1_DeleteEvaluationRequestInput, callback: grpc.requestCallback<_google_protobuf_Empty>): grpc.ClientUnaryCall;
  
  /**
   * Metrics with intervals of predictions that were made anywhere. First `header`, once, then `rows`, at most 10,000,000 in all. Nothing is stored
   * unless all rows are without fault; otherwise the first 100 faults are named by row.
   */
  EvaluatePredictions(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientWritableStream<_stepwire_v1_EvaluatePredictionsRequestInput>;
  EvaluatePredictions(metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientWritableStream<_stepwire_v1_EvaluatePredictionsRequestInput>;
  EvaluatePredictions(options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientWritableStream<_stepwire_v1_EvaluatePredictionsRequestInput>;
  EvaluatePredictions(callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientWritableStream<_stepwire_v1_EvaluatePredictionsRequestInput>;
  /**
   * Metrics with intervals of predictions that were made anywhere. First `header`, once, then `rows`, at most 10,000,000 in all. Nothing is stored
   * unless all rows are without fault; otherwise the first 100 faults are named by row.
   */
  evaluatePredictions(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientWritableStream<_stepwire_v1_EvaluatePredictionsRequestInput>;
  evaluatePredictions(metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientWritableStream<_stepwire_v1_EvaluatePredictionsRequestInput>;
  evaluatePredictions(options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientWritableStream<_stepwire_v1_EvaluatePredictionsRequestInput>;
  evaluatePredictions(callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientWritableStream<_stepwire_v1_EvaluatePredictionsRequestInput>;
  
  GetEvaluation(argument: _stepwire_v1_GetEvaluationRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  GetEvaluation(argument: _stepwire_v1_GetEvaluationRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  GetEvaluation(argument: _stepwire_v1_GetEvaluationRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  GetEvaluation(argument: _stepwire_v1_GetEvaluationRequestInput, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  getEvaluation(argument: _stepwire_v1_GetEvaluationRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  getEvaluation(argument: _stepwire_v1_GetEvaluationRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  getEvaluation(argument: _stepwire_v1_GetEvaluationRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  getEvaluation(argument: _stepwire_v1_GetEvaluationRequestInput, callback: grpc.requestCallback<_stepwire_v1_Evaluation>): grpc.ClientUnaryCall;
  
  /**
   * Newest first.
   */
  ListEvaluations(argument: _stepwire_v1_ListEvaluationsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_ListEvaluationsResponse>): grpc.ClientUnaryCall;
  ListEvaluations(argument: _stepwire_v1_ListEvaluationsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_ListEvaluationsResponse>): grpc.ClientUnaryCall;
  ListEvaluations(argument: _stepwire_v1_ListEvaluationsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_ListEvaluationsResponse>): grpc.ClientUnaryCall;
  ListEvaluations(argument: _stepwire_v1_ListEvaluationsRequestInput, callback: grpc.requestCallback<_stepwire_v1_ListEvaluationsResponse>): grpc.ClientUnaryCall;
  /**
   * Newest first.
   */
  listEvaluations(argument: _stepwire_v1_ListEvaluationsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_ListEvaluationsResponse>): grpc.ClientUnaryCall;
  listEvaluations(argument: _stepwire_v1_ListEvaluationsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_ListEvaluationsResponse>): grpc.ClientUnaryCall;
  listEvaluations(argument: _stepwire_v1_ListEvaluationsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_ListEvaluationsResponse>): grpc.ClientUnaryCall;
  listEvaluations(argument: _stepwire_v1_ListEvaluationsRequestInput, callback: grpc.requestCallback<_stepwire_v1_ListEvaluationsResponse>): grpc.ClientUnaryCall;
  
  /**
   * What a job's final checkpoint makes of texts: enough to try a model. The first call loads it, which takes seconds; it is kept for a while.
   */
  Predict(argument: _stepwire_v1_PredictRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_PredictResponse>): grpc.ClientUnaryCall;
  Predict(argument: _stepwire_v1_PredictRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_PredictResponse>): grpc.ClientUnaryCall;
  Predict(argument: _stepwire_v1_PredictRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_PredictResponse>): grpc.ClientUnaryCall;
  Predict(argument: _stepwire_v1_PredictRequestInput, callback: grpc.requestCallback<_stepwire_v1_PredictResponse>): grpc.ClientUnaryCall;
  /**
   * What a job's final checkpoint makes of texts: enough to try a model. The first call loads it, which takes seconds; it is kept for a while.
   */
  predict(argument: _stepwire_v1_PredictRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_PredictResponse>): grpc.ClientUnaryCall;
  predict(argument: _stepwire_v1_PredictRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_PredictResponse>): grpc.ClientUnaryCall;
  predict(argument: _stepwire_v1_PredictRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_PredictResponse>): grpc.ClientUnaryCall;
  predict(argument: _stepwire_v1_PredictRequestInput, callback: grpc.requestCallback<_stepwire_v1_PredictResponse>): grpc.ClientUnaryCall;
  
}

/**
 * Says how good a checkpoint is, and how sure that is.
 */
export interface EvaluatorServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Ends an evaluation that is not done; nothing of it stays. Idempotent; FAILED_PRECONDITION when it has succeeded or failed.
   */
  CancelEvaluation: grpc.handleUnaryCall<_stepwire_v1_CancelEvaluationRequest, _stepwire_v1_EvaluationInput>;
  
  /**
   * Whether groups of evaluations differ, two by two, with a verdict for each pair. Refuses what cannot be compared fairly, naming all of it.
   */
  Compare: grpc.handleUnaryCall<_stepwire_v1_CompareRequest, _stepwire_v1_ComparisonInput>;
  
  /**
   * Stores an evaluation and queues it. Returns once it is durable.
   */
  CreateEvaluation: grpc.handleUnaryCall<_stepwire_v1_CreateEvaluationRequest, _stepwire_v1_EvaluationInput>;
  
  /**
   * Removes an evaluation that has ended, with its stored predictions: it cannot be compared any more. FAILED_PRECONDITION before it has ended.
   */
  DeleteEvaluation: grpc.handleUnaryCall<_stepwire_v1_DeleteEvaluationRequest, _google_protobuf_EmptyInput>;
  
  /**
   * Metrics with intervals of predictions that were made anywhere. First `header`, once, then `rows`, at most 10,000,000 in all. Nothing is stored
   * unless all rows are without fault; otherwise the first 100 faults are named by row.
   */
  EvaluatePredictions: grpc.handleClientStreamingCall<_stepwire_v1_EvaluatePredictionsRequest, _stepwire_v1_EvaluationInput>;
  
  GetEvaluation: grpc.handleUnaryCall<_stepwire_v1_GetEvaluationRequest, _stepwire_v1_EvaluationInput>;
  
  /**
   * Newest first.
   */
  ListEvaluations: grpc.handleUnaryCall<_stepwire_v1_ListEvaluationsRequest, _stepwire_v1_ListEvaluationsResponseInput>;
  
  /**
   * What a job's final checkpoint makes of texts: enough to try a model. The first call loads it, which takes seconds; it is kept for a while.
   */
  Predict: grpc.handleUnaryCall<_stepwire_v1_PredictRequest, _stepwire_v1_PredictResponseInput>;
  
}

export interface EvaluatorServiceDefinition extends grpc.ServiceDefinition {
  CancelEvaluation: MethodDefinition<_stepwire_v1_CancelEvaluationRequestInput, _stepwire_v1_EvaluationInput, _stepwire_v1_CancelEvaluationRequest, _stepwire_v1_Evaluation>
  Compare: MethodDefinition<_stepwire_v1_CompareRequestInput, _stepwire_v1_ComparisonInput, _stepwire_v1_CompareRequest, _stepwire_v1_Comparison>
  CreateEvaluation: MethodDefinition<_stepwire_v1_CreateEvaluationRequestInput, _stepwire_v1_EvaluationInput, _stepwire_v1_CreateEvaluationRequest, _stepwire_v1_Evaluation>
  DeleteEvaluation: MethodDefinition<_stepwire_v1_DeleteEvaluationRequestInput, _google_protobuf_EmptyInput, _stepwire_v1_DeleteEvaluationRequest, _google_protobuf_Empty>
  EvaluatePredictions: MethodDefinition<_stepwire_v1_EvaluatePredictionsRequestInput, _stepwire_v1_EvaluationInput, _stepwire_v1_EvaluatePredictionsRequest, _stepwire_v1_Evaluation>
  GetEvaluation: MethodDefinition<_stepwire_v1_GetEvaluationRequestInput, _stepwire_v1_EvaluationInput, _stepwire_v1_GetEvaluationRequest, _stepwire_v1_Evaluation>
  ListEvaluations: MethodDefinition<_stepwire_v1_ListEvaluationsRequestInput, _stepwire_v1_ListEvaluationsResponseInput, _stepwire_v1_ListEvaluationsRequest, _stepwire_v1_ListEvaluationsResponse>
  Predict: MethodDefinition<_stepwire_v1_PredictRequestInput, _stepwire_v1_PredictResponseInput, _stepwire_v1_PredictRequest, _stepwire_v1_PredictResponse>
}
