// Original file: stepwire/v1/training_job.proto

import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.js';
import type { StateChangeInput as _stepwire_v1_StateChangeInput, StateChange as _stepwire_v1_StateChange } from '../../stepwire/v1/StateChange.js';
import type { AttemptStartedInput as _stepwire_v1_AttemptStartedInput, AttemptStarted as _stepwire_v1_AttemptStarted } from '../../stepwire/v1/AttemptStarted.js';
import type { MetricPointInput as _stepwire_v1_MetricPointInput, MetricPoint as _stepwire_v1_MetricPoint } from '../../stepwire/v1/MetricPoint.js';
import type { CheckpointSavedInput as _stepwire_v1_CheckpointSavedInput, CheckpointSaved as _stepwire_v1_CheckpointSaved } from '../../stepwire/v1/CheckpointSaved.js';
import type { LogLineInput as _stepwire_v1_LogLineInput, LogLine as _stepwire_v1_LogLine } from '../../stepwire/v1/LogLine.js';
import type { HeartbeatInput as _stepwire_v1_HeartbeatInput, Heartbeat as _stepwire_v1_Heartbeat } from '../../stepwire/v1/Heartbeat.js';

/**
 * One element of a job's Watch stream.
 */
export interface TrainingEventInput {
  'uid'?: (string);
  'job'?: (string);
  'time'?: (_google_protobuf_TimestampInput | null);
  /**
   * Pass it to WatchTrainingJob to go on after this event.
   */
  'resume_token'?: (string);
  'state_change'?: (_stepwire_v1_StateChangeInput | null);
  'attempt_started'?: (_stepwire_v1_AttemptStartedInput | null);
  'metric'?: (_stepwire_v1_MetricPointInput | null);
  'checkpoint_saved'?: (_stepwire_v1_CheckpointSavedInput | null);
  'log'?: (_stepwire_v1_LogLineInput | null);
  'heartbeat'?: (_stepwire_v1_HeartbeatInput | null);
  'event'?: "state_change"|"attempt_started"|"metric"|"checkpoint_saved"|"log"|"heartbeat";
}

/**
 * One element of a job's Watch stream.
 */
export interface TrainingEvent {
  'uid': (string);
  'job': (string);
  'time': (_google_protobuf_Timestamp | null);
  /**
   * Pass it to WatchTrainingJob to go on after this event.
   */
  'resume_token': (string);
  'state_change'?: (_stepwire_v1_StateChange | null);
  'attempt_started'?: (_stepwire_v1_AttemptStarted | null);
  'metric'?: (_stepwire_v1_MetricPoint | null);
  'checkpoint_saved'?: (_stepwire_v1_CheckpointSaved | null);
  'log'?: (_stepwire_v1_LogLine | null);
  'heartbeat'?: (_stepwire_v1_Heartbeat | null);
  'event'?: "state_change"|"attempt_started"|"metric"|"checkpoint_saved"|"log"|"heartbeat";
}
