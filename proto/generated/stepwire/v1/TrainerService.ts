// Original file: stepwire/v1/trainer_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CancelTrainingJobRequestInput as _stepwire_v1_CancelTrainingJobRequestInput, CancelTrainingJobRequest as _stepwire_v1_CancelTrainingJobRequest } from '../../stepwire/v1/CancelTrainingJobRequest.js';
import type { CreateTrainingJobRequestInput as _stepwire_v1_CreateTrainingJobRequestInput, CreateTrainingJobRequest as _stepwire_v1_CreateTrainingJobRequest } from '../../stepwire/v1/CreateTrainingJobRequest.js';
import type { GetTrainingJobRequestInput as _stepwire_v1_GetTrainingJobRequestInput, GetTrainingJobRequest as _stepwire_v1_GetTrainingJobRequest } from '../../stepwire/v1/GetTrainingJobRequest.js';
import type { ListTrainingJobsRequestInput as _stepwire_v1_ListTrainingJobsRequestInput, ListTrainingJobsRequest as _stepwire_v1_ListTrainingJobsRequest } from '../../stepwire/v1/ListTrainingJobsRequest.js';
import type { ListTrainingJobsResponseInput as _stepwire_v1_ListTrainingJobsResponseInput, ListTrainingJobsResponse as _stepwire_v1_ListTrainingJobsResponse } from '../../stepwire/v1/ListTrainingJobsResponse.js';
import type { TrainingEventInput as _stepwire_v1_TrainingEventInput, TrainingEvent as _stepwire_v1_TrainingEvent } from '../../stepwire/v1/TrainingEvent.js';
import type { TrainingJobInput as _stepwire_v1_TrainingJobInput, TrainingJob as _stepwire_v1_TrainingJob } from '../../stepwire/v1/TrainingJob.js';
import type { WatchTrainingJobRequestInput as _stepwire_v1_WatchTrainingJobRequestInput, WatchTrainingJobRequest as _stepwire_v1_WatchTrainingJobRequest } from '../../stepwire/v1/WatchTrainingJobRequest.js';

/**
 * Starts fine-tuning and follows it.
 */
export interface TrainerServiceClient extends grpc.Client {
  /**
   * Idempotent; FAILED_PRECONDITION when the job has already succeeded or failed.
   */
  CancelTrainingJob(argument: _stepwire_v1_CancelTrainingJobRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  CancelTrainingJob(argument: _stepwire_v1_CancelTrainingJobRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  CancelTrainingJob(argument: _stepwire_v1_CancelTrainingJobRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  CancelTrainingJob(argument: _stepwire_v1_CancelTrainingJobRequestInput, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  /**
   * Idempotent; FAILED_PRECONDITION when the job has already succeeded or failed.
   */
  cancelTrainingJob(argument: _stepwire_v1_CancelTrainingJobRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  cancelTrainingJob(argument: _stepwire_v1_CancelTrainingJobRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  cancelTrainingJob(argument: _stepwire_v1_CancelTrainingJobRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  cancelTrainingJob(argument: _stepwire_v1_CancelTrainingJobRequestInput, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  
  /**
   * Stores a job and queues it. Returns once it is durable.
   */
  CreateTrainingJob(argument: _stepwire_v1_CreateTrainingJobRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  CreateTrainingJob(argument: _stepwire_v1_CreateTrainingJobRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  CreateTrainingJob(argument: _stepwire_v1_CreateTrainingJobRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  CreateTrainingJob(argument: _stepwire_v1_CreateTrainingJobRequestInput, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  /**
   * Stores a job and queues it. Returns once it is durable.
   */
  createTrainingJob(argument: _stepwire_v1_CreateTrainingJobRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  createTrainingJob(argument: _stepwire_v1_CreateTrainingJobRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  createTrainingJob(argument: _stepwire_v1_CreateTrainingJobRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  createTrainingJob(argument: _stepwire_v1_CreateTrainingJobRequestInput, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  
  GetTrainingJob(argument: _stepwire_v1_GetTrainingJobRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  GetTrainingJob(argument: _stepwire_v1_GetTrainingJobRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  GetTrainingJob(argument: _stepwire_v1_GetTrainingJobRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  GetTrainingJob(argument: _stepwire_v1_GetTrainingJobRequestInput, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  getTrainingJob(argument: _stepwire_v1_GetTrainingJobRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  getTrainingJob(argument: _stepwire_v1_GetTrainingJobRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  getTrainingJob(argument: _stepwire_v1_GetTrainingJobRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  getTrainingJob(argument: _stepwire_v1_GetTrainingJobRequestInput, callback: grpc.requestCallback<_stepwire_v1_TrainingJob>): grpc.ClientUnaryCall;
  
  /**
   * Newest first.
   */
  ListTrainingJobs(argument: _stepwire_v1_ListTrainingJobsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_ListTrainingJobsResponse>): grpc.ClientUnaryCall;
  ListTrainingJobs(argument: _stepwire_v1_ListTrainingJobsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_ListTrainingJobsResponse>): grpc.ClientUnaryCall;
  ListTrainingJobs(argument: _stepwire_v1_ListTrainingJobsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_ListTrainingJobsResponse>): grpc.ClientUnaryCall;
  ListTrainingJobs(argument: _stepwire_v1_ListTrainingJobsRequestInput, callback: grpc.requestCallback<_stepwire_v1_ListTrainingJobsResponse>): grpc.ClientUnaryCall;
  /**
   * Newest first.
   */
  listTrainingJobs(argument: _stepwire_v1_ListTrainingJobsRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_ListTrainingJobsResponse>): grpc.ClientUnaryCall;
  listTrainingJobs(argument: _stepwire_v1_ListTrainingJobsRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_ListTrainingJobsResponse>): grpc.ClientUnaryCall;
  listTrainingJobs(argument: _stepwire_v1_ListTrainingJobsRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_ListTrainingJobsResponse>): grpc.ClientUnaryCall;
  listTrainingJobs(argument: _stepwire_v1_ListTrainingJobsRequestInput, callback: grpc.requestCallback<_stepwire_v1_ListTrainingJobsResponse>): grpc.ClientUnaryCall;
  
  /**
   * Everything from the beginning (or the token), in order, then live; ends after the terminal state.
   */
  WatchTrainingJob(argument: _stepwire_v1_WatchTrainingJobRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_stepwire_v1_TrainingEvent>;
  WatchTrainingJob(argument: _stepwire_v1_WatchTrainingJobRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_stepwire_v1_TrainingEvent>;
  /**
   * Everything from the beginning (or the token), in order, then live; ends after the terminal state.
   */
  watchTrainingJob(argument: _stepwire_v1_WatchTrainingJobRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_stepwire_v1_TrainingEvent>;
  watchTrainingJob(argument: _stepwire_v1_WatchTrainingJobRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_stepwire_v1_TrainingEvent>;
  
}

/**
 * Starts fine-tuning and follows it.
 */
export interface TrainerServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Idempotent; FAILED_PRECONDITION when the job has already succeeded or failed.
   */
  CancelTrainingJob: grpc.handleUnaryCall<_stepwire_v1_CancelTrainingJobRequest, _stepwire_v1_TrainingJobInput>;
  
  /**
   * Stores a job and queues it. Returns once it is durable.
   */
  CreateTrainingJob: grpc.handleUnaryCall<_stepwire_v1_CreateTrainingJobRequest, _stepwire_v1_TrainingJobInput>;
  
  GetTrainingJob: grpc.handleUnaryCall<_stepwire_v1_GetTrainingJobRequest, _stepwire_v1_TrainingJobInput>;
  
  /**
   * Newest first.
   */
  ListTrainingJobs: grpc.handleUnaryCall<_stepwire_v1_ListTrainingJobsRequest, _stepwire_v1_ListTrainingJobsResponseInput>;
  
  /**
   * Everything from the beginning (or the token), in order, then live; ends after the terminal state.
   */
  WatchTrainingJob: grpc.handleServerStreamingCall<_stepwire_v1_WatchTrainingJobRequest, _stepwire_v1_TrainingEventInput>;
  
}

export interface TrainerServiceDefinition extends grpc.ServiceDefinition {
  CancelTrainingJob: MethodDefinition<_stepwire_v1_CancelTrainingJobRequestInput, _stepwire_v1_TrainingJobInput, _stepwire_v1_CancelTrainingJobRequest, _stepwire_v1_TrainingJob>
  CreateTrainingJob: MethodDefinition<_stepwire_v1_CreateTrainingJobRequestInput, _stepwire_v1_TrainingJobInput, _stepwire_v1_CreateTrainingJobRequest, _stepwire_v1_TrainingJob>
  GetTrainingJob: MethodDefinition<_stepwire_v1_GetTrainingJobRequestInput, _stepwire_v1_TrainingJobInput, _stepwire_v1_GetTrainingJobRequest, _stepwire_v1_TrainingJob>
  ListTrainingJobs: MethodDefinition<_stepwire_v1_ListTrainingJobsRequestInput, _stepwire_v1_ListTrainingJobsResponseInput, _stepwire_v1_ListTrainingJobsRequest, _stepwire_v1_ListTrainingJobsResponse>
  WatchTrainingJob: MethodDefinition<_stepwire_v1_WatchTrainingJobRequestInput, _stepwire_v1_TrainingEventInput, _stepwire_v1_WatchTrainingJobRequest, _stepwire_v1_TrainingEvent>
}
