// Original file: stepwire/v1/training_job.proto

import type { TrainingJobStateInput as _stepwire_v1_TrainingJobStateInput, TrainingJobState as _stepwire_v1_TrainingJobState } from '../../stepwire/v1/TrainingJobState.js';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.js';
import type { DatasetSpecInput as _stepwire_v1_DatasetSpecInput, DatasetSpec as _stepwire_v1_DatasetSpec } from '../../stepwire/v1/DatasetSpec.js';
import type { OptimizerSpecInput as _stepwire_v1_OptimizerSpecInput, OptimizerSpec as _stepwire_v1_OptimizerSpec } from '../../stepwire/v1/OptimizerSpec.js';
import type { ScheduleSpecInput as _stepwire_v1_ScheduleSpecInput, ScheduleSpec as _stepwire_v1_ScheduleSpec } from '../../stepwire/v1/ScheduleSpec.js';
import type { NanPolicyInput as _stepwire_v1_NanPolicyInput, NanPolicy as _stepwire_v1_NanPolicy } from '../../stepwire/v1/NanPolicy.js';
import type { TrainingPlanInput as _stepwire_v1_TrainingPlanInput, TrainingPlan as _stepwire_v1_TrainingPlan } from '../../stepwire/v1/TrainingPlan.js';
import type { TrainingProgressInput as _stepwire_v1_TrainingProgressInput, TrainingProgress as _stepwire_v1_TrainingProgress } from '../../stepwire/v1/TrainingProgress.js';
import type { JobErrorInput as _stepwire_v1_JobErrorInput, JobError as _stepwire_v1_JobError } from '../../stepwire/v1/JobError.js';
import type { TrainingResultInput as _stepwire_v1_TrainingResultInput, TrainingResult as _stepwire_v1_TrainingResult } from '../../stepwire/v1/TrainingResult.js';
import type { LoraSpecInput as _stepwire_v1_LoraSpecInput, LoraSpec as _stepwire_v1_LoraSpec } from '../../stepwire/v1/LoraSpec.js';
import type { Long } from '@grpc/proto-loader';

/**
 * One fine-tuning: a durable resource.
 */
export interface TrainingJobInput {
  /**
   * Lower-case letters, digits and hyphens; begins with a letter; at most 63 characters.
   */
  'id'?: (string);
  /**
   * Made by the server; a deleted id used again is another job with another uid.
   */
  'uid'?: (string);
  'state'?: (_stepwire_v1_TrainingJobStateInput);
  'create_time'?: (_google_protobuf_TimestampInput | null);
  'start_time'?: (_google_protobuf_TimestampInput | null);
  'end_time'?: (_google_protobuf_TimestampInput | null);
  /**
   * "classification", "regression" or "causal_lm"; when empty what the data set is for: classes, numbers or completions.
   */
  'task'?: (string);
  /**
   * A folder on the server inside its allowed roots, a model the server ships by name, or a hub id. With resume_from that job's, also when
   * empty.
   */
  'model'?: (string);
  'dataset'?: (_stepwire_v1_DatasetSpecInput | null);
  'optimizer'?: (_stepwire_v1_OptimizerSpecInput | null);
  'schedule'?: (_stepwire_v1_ScheduleSpecInput | null);
  /**
   * Global-norm gradient clipping; 1 when not set, 0 switches it off.
   */
  'max_grad_norm'?: (number | string);
  /**
   * Passes over the training split; 3 when neither this nor max_steps is set.
   */
  'epochs'?: (number | string);
  /**
   * Optimizer steps; give this or epochs, not both.
   */
  'max_steps'?: (number);
  /**
   * Examples in one optimizer step.
   */
  'batch_size'?: (number);
  /**
   * Tokens in one micro-batch, which bound memory; a longer example is a micro-batch of its own. Other micro-batches give the same result up to
   * rounding; with dropout they drop other numbers.
   */
  'micro_batch_tokens'?: (number);
  /**
   * Tokens of one example, special tokens included; longer ones are truncated. 128 when not set, or what the model has positions for if that is
   * less.
   */
  'max_length'?: (number);
  /**
   * Seed of shuffling, dropout and the new head.
   */
  'seed'?: (number | string | Long);
  /**
   * Steps between evaluations on the validation split; 0 evaluates at the end only. Once an epoch when not set.
   */
  'evaluate_every'?: (number);
  /**
   * What to do when the loss or a gradient is not finite.
   */
  'on_nan'?: (_stepwire_v1_NanPolicyInput);
  /**
   * Free-form labels for ListTrainingJobs.
   */
  'labels'?: ({[key: string]: string});
  /**
   * Set by the server once the job was planned.
   */
  'plan'?: (_stepwire_v1_TrainingPlanInput | null);
  /**
   * Where the job stands, as of the last renewal of its worker's lease.
   */
  'progress'?: (_stepwire_v1_TrainingProgressInput | null);
  /**
   * Executions so far.
   */
  'attempt'?: (number);
  /**
   * Set when the state is FAILED.
   */
  'error'?: (_stepwire_v1_JobErrorInput | null);
  /**
   * Set when the state is SUCCEEDED.
   */
  'result'?: (_stepwire_v1_TrainingResultInput | null);
  /**
   * Keep beside the checkpoint what another job needs to go on after the last step: the optimizer's state and the schedule's. As large as the
   * optimizer's state (Adam: twice the weights), and as the weights once more where the model is evaluated beside them.
   */
  'keep_training_state'?: (boolean);
  /**
   * Id of a job that SUCCEEDED and kept its training state. This job goes on after its last step, with its weights, its optimizer's state and
   * that of its schedule, up to this job's own number of steps, which counts the steps before it. With equal settings and a schedule that
   * does not depend on that number (constant, with warmup_steps), the weights are bit for bit those of one job. Model and classes have to be
   * the same; the optimizer has to keep the same states, but its hyperparameters, the data set and all other settings may differ.
   */
  'resume_from'?: (string);
  /**
   * Train small matrices beside linear layers in the place of all weights (LoRA); all weights when not set.
   */
  'lora'?: (_stepwire_v1_LoraSpecInput | null);
  /**
   * What matrix products are computed in: "float32" (the default) or "bfloat16", which is faster and less exact. Weights and the optimizer's
   * state are float32 in both.
   */
  'precision'?: (string);
  /**
   * Keep no more of each layer for the backward pass than its input, and compute the rest again: less memory, about a third more time, the same
   * numbers bit for bit.
   */
  'recompute_activations'?: (boolean);
  '_max_grad_norm'?: "max_grad_norm";
  '_epochs'?: "epochs";
  '_max_steps'?: "max_steps";
  '_batch_size'?: "batch_size";
  '_micro_batch_tokens'?: "micro_batch_tokens";
  '_max_length'?: "max_length";
  '_seed'?: "seed";
  '_evaluate_every'?: "evaluate_every";
}

/**
 * One fine-tuning: a durable resource.
 */
export interface TrainingJob {
  /**
   * Lower-case letters, digits and hyphens; begins with a letter; at most 63 characters.
   */
  'id': (string);
  /**
   * Made by the server; a deleted id used again is another job with another uid.
   */
  'uid': (string);
  'state': (_stepwire_v1_TrainingJobState);
  'create_time': (_google_protobuf_Timestamp | null);
  'start_time': (_google_protobuf_Timestamp | null);
  'end_time': (_google_protobuf_Timestamp | null);
  /**
   * "classification", "regression" or "causal_lm"; when empty what the data set is for: classes, numbers or completions.
   */
  'task': (string);
  /**
   * A folder on the server inside its allowed roots, a model the server ships by name, or a hub id. With resume_from that job's, also when
   * empty.
   */
  'model': (string);
  'dataset': (_stepwire_v1_DatasetSpec | null);
  'optimizer': (_stepwire_v1_OptimizerSpec | null);
  'schedule': (_stepwire_v1_ScheduleSpec | null);
  /**
   * Global-norm gradient clipping; 1 when not set, 0 switches it off.
   */
  'max_grad_norm'?: (number);
  /**
   * Passes over the training split; 3 when neither this nor max_steps is set.
   */
  'epochs'?: (number);
  /**
   * Optimizer steps; give this or epochs, not both.
   */
  'max_steps'?: (number);
  /**
   * Examples in one optimizer step.
   */
  'batch_size'?: (number);
  /**
   * Tokens in one micro-batch, which bound memory; a longer example is a micro-batch of its own. Other micro-batches give the same result up to
   * rounding; with dropout they drop other numbers.
   */
  'micro_batch_tokens'?: (number);
  /**
   * Tokens of one example, special tokens included; longer ones are truncated. 128 when not set, or what the model has positions for if that is
   * less.
   */
  'max_length'?: (number);
  /**
   * Seed of shuffling, dropout and the new head.
   */
  'seed'?: (string);
  /**
   * Steps between evaluations on the validation split; 0 evaluates at the end only. Once an epoch when not set.
   */
  'evaluate_every'?: (number);
  /**
   * What to do when the loss or a gradient is not finite.
   */
  'on_nan': (_stepwire_v1_NanPolicy);
  /**
   * Free-form labels for ListTrainingJobs.
   */
  'labels': ({[key: string]: string});
  /**
   * Set by the server once the job was planned.
   */
  'plan': (_stepwire_v1_TrainingPlan | null);
  /**
   * Where the job stands, as of the last renewal of its worker's lease.
   */
  'progress': (_stepwire_v1_TrainingProgress | null);
  /**
   * Executions so far.
   */
  'attempt': (number);
  /**
   * Set when the state is FAILED.
   */
  'error': (_stepwire_v1_JobError | null);
  /**
   * Set when the state is SUCCEEDED.
   */
  'result': (_stepwire_v1_TrainingResult | null);
  /**
   * Keep beside the checkpoint what another job needs to go on after the last step: the optimizer's state and the schedule's. As large as the
   * optimizer's state (Adam: twice the weights), and as the weights once more where the model is evaluated beside them.
   */
  'keep_training_state': (boolean);
  /**
   * Id of a job that SUCCEEDED and kept its training state. This job goes on after its last step, with its weights, its optimizer's state and
   * that of its schedule, up to this job's own number of steps, which counts the steps before it. With equal settings and a schedule that
   * does not depend on that number (constant, with warmup_steps), the weights are bit for bit those of one job. Model and classes have to be
   * the same; the optimizer has to keep the same states, but its hyperparameters, the data set and all other settings may differ.
   */
  'resume_from': (string);
  /**
   * Train small matrices beside linear layers in the place of all weights (LoRA); all weights when not set.
   */
  'lora': (_stepwire_v1_LoraSpec | null);
  /**
   * What matrix products are computed in: "float32" (the default) or "bfloat16", which is faster and less exact. Weights and the optimizer's
   * state are float32 in both.
   */
  'precision': (string);
  /**
   * Keep no more of each layer for the backward pass than its input, and compute the rest again: less memory, about a third more time, the same
   * numbers bit for bit.
   */
  'recompute_activations': (boolean);
  '_max_grad_norm'?: "max_grad_norm";
  '_epochs'?: "epochs";
  '_max_steps'?: "max_steps";
  '_batch_size'?: "batch_size";
  '_micro_batch_tokens'?: "micro_batch_tokens";
  '_max_length'?: "max_length";
  '_seed'?: "seed";
  '_evaluate_every'?: "evaluate_every";
}
