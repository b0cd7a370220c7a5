// Original file: stepwire/v1/study.proto

import type { StudyPhaseInput as _stepwire_v1_StudyPhaseInput, StudyPhase as _stepwire_v1_StudyPhase } from '../../stepwire/v1/StudyPhase.js';
import type { StructInput as _google_protobuf_StructInput, Struct as _google_protobuf_Struct } from '../../google/protobuf/Struct.js';
import type { TrainingJobStateInput as _stepwire_v1_TrainingJobStateInput, TrainingJobState as _stepwire_v1_TrainingJobState } from '../../stepwire/v1/TrainingJobState.js';
import type { JobErrorInput as _stepwire_v1_JobErrorInput, JobError as _stepwire_v1_JobError } from '../../stepwire/v1/JobError.js';
import type { Long } from '@grpc/proto-loader';

/**
 * One training job of a study, and of a final run its evaluation.
 */
export interface StudyRunInput {
  'arm'?: (string);
  'phase'?: (_stepwire_v1_StudyPhaseInput);
  /**
   * Which of the arm's trials, from 1.
   */
  'trial'?: (number);
  'seed'?: (number | string | Long);
  /**
   * Those that are searched.
   */
  'hyperparameters'?: (_google_protobuf_StructInput | null);
  'training_job'?: (string);
  /**
   * Of a final run RUNNING until its evaluation has ended.
   */
  'state'?: (_stepwire_v1_TrainingJobStateInput);
  'step'?: (number);
  'total_steps'?: (number);
  'validation_accuracy'?: (number | string);
  'validation_loss'?: (number | string);
  'train_seconds'?: (number | string);
  /**
   * On the test split.
   */
  'evaluation'?: (string);
  'error'?: (_stepwire_v1_JobErrorInput | null);
  '_validation_accuracy'?: "validation_accuracy";
  '_validation_loss'?: "validation_loss";
  '_train_seconds'?: "train_seconds";
}

/**
 * One training job of a study, and of a final run its evaluation.
 */
export interface StudyRun {
  'arm': (string);
  'phase': (_stepwire_v1_StudyPhase);
  /**
   * Which of the arm's trials, from 1.
   */
  'trial': (number);
  'seed': (string);
  /**
   * Those that are searched.
   */
  'hyperparameters': (_google_protobuf_Struct | null);
  'training_job': (string);
  /**
   * Of a final run RUNNING until its evaluation has ended.
   */
  'state': (_stepwire_v1_TrainingJobState);
  'step': (number);
  'total_steps': (number);
  'validation_accuracy'?: (number);
  'validation_loss'?: (number);
  'train_seconds'?: (number);
  /**
   * On the test split.
   */
  'evaluation': (string);
  'error': (_stepwire_v1_JobError | null);
  '_validation_accuracy'?: "validation_accuracy";
  '_validation_loss'?: "validation_loss";
  '_train_seconds'?: "train_seconds";
}
