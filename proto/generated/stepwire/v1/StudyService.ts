// Original file: stepwire/v1/study_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CancelStudyRequestInput as _stepwire_v1_CancelStudyRequestInput, CancelStudyRequest as _stepwire_v1_CancelStudyRequest } from '../../stepwire/v1/CancelStudyRequest.js';
import type { CreateStudyRequestInput as _stepwire_v1_CreateStudyRequestInput, CreateStudyRequest as _stepwire_v1_CreateStudyRequest } from '../../stepwire/v1/CreateStudyRequest.js';
import type { GetStudyReportRequestInput as _stepwire_v1_GetStudyReportRequestInput, GetStudyReportRequest as _stepwire_v1_GetStudyReportRequest } from '../../stepwire/v1/GetStudyReportRequest.js';
import type { GetStudyRequestInput as _stepwire_v1_GetStudyRequestInput, GetStudyRequest as _stepwire_v1_GetStudyRequest } from '../../stepwire/v1/GetStudyRequest.js';
import type { ListStudiesRequestInput as _stepwire_v1_ListStudiesRequestInput, ListStudiesRequest as _stepwire_v1_ListStudiesRequest } from '../../stepwire/v1/ListStudiesRequest.js';
import type { ListStudiesResponseInput as _stepwire_v1_ListStudiesResponseInput, ListStudiesResponse as _stepwire_v1_ListStudiesResponse } from '../../stepwire/v1/ListStudiesResponse.js';
import type { StudyInput as _stepwire_v1_StudyInput, Study as _stepwire_v1_Study } from '../../stepwire/v1/Study.js';
import type { StudyReportInput as _stepwire_v1_StudyReportInput, StudyReport as _stepwire_v1_StudyReport } from '../../stepwire/v1/StudyReport.js';
import type { StudyUpdateInput as _stepwire_v1_StudyUpdateInput, StudyUpdate as _stepwire_v1_StudyUpdate } from '../../stepwire/v1/StudyUpdate.js';
import type { WatchStudyRequestInput as _stepwire_v1_WatchStudyRequestInput, WatchStudyRequest as _stepwire_v1_WatchStudyRequest } from '../../stepwire/v1/WatchStudyRequest.js';

/**
 * Compares optimizers under one declared budget.
 */
export interface StudyServiceClient extends grpc.Client {
  /**
   * Ends the study and the jobs that it has running; what has ended stays.
   */
  CancelStudy(argument: _stepwire_v1_CancelStudyRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  CancelStudy(argument: _stepwire_v1_CancelStudyRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  CancelStudy(argument: _stepwire_v1_CancelStudyRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  CancelStudy(argument: _stepwire_v1_CancelStudyRequestInput, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  /**
   * Ends the study and the jobs that it has running; what has ended stays.
   */
  cancelStudy(argument: _stepwire_v1_CancelStudyRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  cancelStudy(argument: _stepwire_v1_CancelStudyRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  cancelStudy(argument: _stepwire_v1_CancelStudyRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  cancelStudy(argument: _stepwire_v1_CancelStudyRequestInput, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  
  /**
   * Stores a study and queues it. Returns once it is durable.
   */
  CreateStudy(argument: _stepwire_v1_CreateStudyRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  CreateStudy(argument: _stepwire_v1_CreateStudyRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  CreateStudy(argument: _stepwire_v1_CreateStudyRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  CreateStudy(argument: _stepwire_v1_CreateStudyRequestInput, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  /**
   * Stores a study and queues it. Returns once it is durable.
   */
  createStudy(argument: _stepwire_v1_CreateStudyRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  createStudy(argument: _stepwire_v1_CreateStudyRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  createStudy(argument: _stepwire_v1_CreateStudyRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  createStudy(argument: _stepwire_v1_CreateStudyRequestInput, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  
  GetStudy(argument: _stepwire_v1_GetStudyRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  GetStudy(argument: _stepwire_v1_GetStudyRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  GetStudy(argument: _stepwire_v1_GetStudyRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  GetStudy(argument: _stepwire_v1_GetStudyRequestInput, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  getStudy(argument: _stepwire_v1_GetStudyRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  getStudy(argument: _stepwire_v1_GetStudyRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  getStudy(argument: _stepwire_v1_GetStudyRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  getStudy(argument: _stepwire_v1_GetStudyRequestInput, callback: grpc.requestCallback<_stepwire_v1_Study>): grpc.ClientUnaryCall;
  
  /**
   * Of a study that SUCCEEDED.
   */
  GetStudyReport(argument: _stepwire_v1_GetStudyReportRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_StudyReport>): grpc.ClientUnaryCall;
  GetStudyReport(argument: _stepwire_v1_GetStudyReportRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_StudyReport>): grpc.ClientUnaryCall;
  GetStudyReport(argument: _stepwire_v1_GetStudyReportRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_StudyReport>): grpc.ClientUnaryCall;
  GetStudyReport(argument: _stepwire_v1_GetStudyReportRequestInput, callback: grpc.requestCallback<_stepwire_v1_StudyReport>): grpc.ClientUnaryCall;
  /**
   * Of a study that SUCCEEDED.
   */
  getStudyReport(argument: _stepwire_v1_GetStudyReportRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_StudyReport>): grpc.ClientUnaryCall;
  getStudyReport(argument: _stepwire_v1_GetStudyReportRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_StudyReport>): grpc.ClientUnaryCall;
  getStudyReport(argument: _stepwire_v1_GetStudyReportRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_StudyReport>): grpc.ClientUnaryCall;
  getStudyReport(argument: _stepwire_v1_GetStudyReportRequestInput, callback: grpc.requestCallback<_stepwire_v1_StudyReport>): grpc.ClientUnaryCall;
  
  /**
   * Newest first, without runs.
   */
  ListStudies(argument: _stepwire_v1_ListStudiesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_ListStudiesResponse>): grpc.ClientUnaryCall;
  ListStudies(argument: _stepwire_v1_ListStudiesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_ListStudiesResponse>): grpc.ClientUnaryCall;
  ListStudies(argument: _stepwire_v1_ListStudiesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_ListStudiesResponse>): grpc.ClientUnaryCall;
  ListStudies(argument: _stepwire_v1_ListStudiesRequestInput, callback: grpc.requestCallback<_stepwire_v1_ListStudiesResponse>): grpc.ClientUnaryCall;
  /**
   * Newest first, without runs.
   */
  listStudies(argument: _stepwire_v1_ListStudiesRequestInput, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_ListStudiesResponse>): grpc.ClientUnaryCall;
  listStudies(argument: _stepwire_v1_ListStudiesRequestInput, metadata: grpc.Metadata, callback: grpc.requestCallback<_stepwire_v1_ListStudiesResponse>): grpc.ClientUnaryCall;
  listStudies(argument: _stepwire_v1_ListStudiesRequestInput, options: grpc.CallOptions, callback: grpc.requestCallback<_stepwire_v1_ListStudiesResponse>): grpc.ClientUnaryCall;
  listStudies(argument: _stepwire_v1_ListStudiesRequestInput, callback: grpc.requestCallback<_stepwire_v1_ListStudiesResponse>): grpc.ClientUnaryCall;
  
  /**
   * The study now and after each change, until it has ended.
   */
  WatchStudy(argument: _stepwire_v1_WatchStudyRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_stepwire_v1_StudyUpdate>;
  WatchStudy(argument: _stepwire_v1_WatchStudyRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_stepwire_v1_StudyUpdate>;
  /**
   * The study now and after each change, until it has ended.
   */
  watchStudy(argument: _stepwire_v1_WatchStudyRequestInput, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_stepwire_v1_StudyUpdate>;
  watchStudy(argument: _stepwire_v1_WatchStudyRequestInput, options?: grpc.CallOptions): grpc.ClientReadableStream<_stepwire_v1_StudyUpdate>;
  
}

/**
 * Compares optimizers under one declared budget.
 */
export interface StudyServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Ends the study and the jobs that it has running; what has ended stays.
   */
  CancelStudy: grpc.handleUnaryCall<_stepwire_v1_CancelStudyRequest, _stepwire_v1_StudyInput>;
  
  /**
   * Stores a study and queues it. Returns once it is durable.
   */
  CreateStudy: grpc.handleUnaryCall<_stepwire_v1_CreateStudyRequest, _stepwire_v1_StudyInput>;
  
  GetStudy: grpc.handleUnaryCall<_stepwire_v1_GetStudyRequest, _stepwire_v1_StudyInput>;
  
  /**
   * Of a study that SUCCEEDED.
   */
  GetStudyReport: grpc.handleUnaryCall<_stepwire_v1_GetStudyReportRequest, _stepwire_v1_StudyReportInput>;
  
  /**
   * Newest first, without runs.
   */
  ListStudies: grpc.handleUnaryCall<_stepwire_v1_ListStudiesRequest, _stepwire_v1_ListStudiesResponseInput>;
  
  /**
   * The study now and after each change, until it has ended.
   */
  WatchStudy: grpc.handleServerStreamingCall<_stepwire_v1_WatchStudyRequest, _stepwire_v1_StudyUpdateInput>;
  
}

export interface StudyServiceDefinition extends grpc.ServiceDefinition {
  CancelStudy: MethodDefinition<_stepwire_v1_CancelStudyRequestInput, _stepwire_v1_StudyInput, _stepwire_v1_CancelStudyRequest, _stepwire_v1_Study>
  CreateStudy: MethodDefinition<_stepwire_v1_CreateStudyRequestInput, _stepwire_v1_StudyInput, _stepwire_v1_CreateStudyRequest, _stepwire_v1_Study>
  GetStudy: MethodDefinition<_stepwire_v1_GetStudyRequestInput, _stepwire_v1_StudyInput, _stepwire_v1_GetStudyRequest, _stepwire_v1_Study>
  GetStudyReport: MethodDefinition<_stepwire_v1_GetStudyReportRequestInput, _stepwire_v1_StudyReportInput, _stepwire_v1_GetStudyReportRequest, _stepwire_v1_StudyReport>
  ListStudies: MethodDefinition<_stepwire_v1_ListStudiesRequestInput, _stepwire_v1_ListStudiesResponseInput, _stepwire_v1_ListStudiesRequest, _stepwire_v1_ListStudiesResponse>
  WatchStudy: MethodDefinition<_stepwire_v1_WatchStudyRequestInput, _stepwire_v1_StudyUpdateInput, _stepwire_v1_WatchStudyRequest, _stepwire_v1_StudyUpdate>
}
