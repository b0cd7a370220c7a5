// Original file: stepwire/v1/study.proto

import type { StudyStateInput as _stepwire_v1_StudyStateInput, StudyState as _stepwire_v1_StudyState } from '../../stepwire/v1/StudyState.js';
import type { TimestampInput as _google_protobuf_TimestampInput, Timestamp as _google_protobuf_Timestamp } from '../../google/protobuf/Timestamp.js';
import type { TrainingJobInput as _stepwire_v1_TrainingJobInput, TrainingJob as _stepwire_v1_TrainingJob } from '../../stepwire/v1/TrainingJob.js';
import type { StudyArmInput as _stepwire_v1_StudyArmInput, StudyArm as _stepwire_v1_StudyArm } from '../../stepwire/v1/StudyArm.js';
import type { StudyTuningInput as _stepwire_v1_StudyTuningInput, StudyTuning as _stepwire_v1_StudyTuning } from '../../stepwire/v1/StudyTuning.js';
import type { StudyClaimInput as _stepwire_v1_StudyClaimInput, StudyClaim as _stepwire_v1_StudyClaim } from '../../stepwire/v1/StudyClaim.js';
import type { StudyPlanInput as _stepwire_v1_StudyPlanInput, StudyPlan as _stepwire_v1_StudyPlan } from '../../stepwire/v1/StudyPlan.js';
import type { StudyProgressInput as _stepwire_v1_StudyProgressInput, StudyProgress as _stepwire_v1_StudyProgress } from '../../stepwire/v1/StudyProgress.js';
import type { StudyRunInput as _stepwire_v1_StudyRunInput, StudyRun as _stepwire_v1_StudyRun } from '../../stepwire/v1/StudyRun.js';
import type { JobErrorInput as _stepwire_v1_JobErrorInput, JobError as _stepwire_v1_JobError } from '../../stepwire/v1/JobError.js';
import type { StudyContrastInput as _stepwire_v1_StudyContrastInput, StudyContrast as _stepwire_v1_StudyContrast } from '../../stepwire/v1/StudyContrast.js';
import type { Long } from '@grpc/proto-loader';

/**
 * A comparison of optimizers that is declared before it runs. Each arm gets the same number of tuning trials, decided on the validation split;
 * what was chosen is trained with every seed, evaluated once on the test split, and compared. A durable resource: its runs are training jobs
 * whose ids follow from the declaration, so a study that was interrupted goes on where it was.
 */
export interface StudyInput {
  /**
   * As of a training job.
   */
  'id'?: (string);
  'uid'?: (string);
  'state'?: (_stepwire_v1_StudyStateInput);
  'create_time'?: (_google_protobuf_TimestampInput | null);
  'start_time'?: (_google_protobuf_TimestampInput | null);
  'end_time'?: (_google_protobuf_TimestampInput | null);
  'title'?: (string);
  /**
   * "comparison" (the default), or "demonstration": its report says in its title that it shows the plumbing and supports no verdict.
   */
  'purpose'?: (string);
  /**
   * What all runs have in common: model, data set, schedule, budget. Neither an optimizer nor a seed.
   */
  'job'?: (_stepwire_v1_TrainingJobInput | null);
  /**
   * Two or more.
   */
  'arms'?: (_stepwire_v1_StudyArmInput)[];
  'tuning'?: (_stepwire_v1_StudyTuningInput | null);
  /**
   * Training seeds of the runs that the verdicts are about; two or more, one is enough for a demonstration.
   */
  'seeds'?: (number | string | Long)[];
  /**
   * "test" when empty.
   */
  'test_split'?: (string);
  /**
   * What the verdicts are about: "accuracy" when empty.
   */
  'metric'?: (string);
  /**
   * The smallest difference that matters, in the metric's unit; above 0.
   */
  'margin'?: (number | string);
  /**
   * Confidence level of the intervals, above 0.5; 0.95 when not set. A verdict takes a corrected p below one less this.
   */
  'level'?: (number | string);
  /**
   * Of p values for the number of pairs: "holm" (the default) or "benjamini-hochberg".
   */
  'correction'?: (string);
  /**
   * The arm that each other one is compared with; all pairs are compared when empty and without contrasts.
   */
  'reference'?: (string);
  /**
   * Jobs at a time; 1 when not set.
   */
  'parallelism'?: (number);
  'claims'?: (_stepwire_v1_StudyClaimInput)[];
  /**
   * Set by the server, like all that follows.
   */
  'plan'?: (_stepwire_v1_StudyPlanInput | null);
  'progress'?: (_stepwire_v1_StudyProgressInput | null);
  /**
   * In the order in which they are started; not in lists.
   */
  'runs'?: (_stepwire_v1_StudyRunInput)[];
  /**
   * Set when the state is FAILED.
   */
  'error'?: (_stepwire_v1_JobErrorInput | null);
  /**
   * Executions so far.
   */
  'attempt'?: (number);
  /**
   * The pairs that are compared, in the place of those with the reference or of all: the fewer there are, the less has to be corrected for. Each
   * ablation is compared with the arm that it is of all the same.
   */
  'contrasts'?: (_stepwire_v1_StudyContrastInput)[];
  '_margin'?: "margin";
  '_level'?: "level";
  '_parallelism'?: "parallelism";
}

/**
 * A comparison of optimizers that is declared before it runs. Each arm gets the same number of tuning trials, decided on the validation split;
 * what was chosen is trained with every seed, evaluated once on the test split, and compared. A durable resource: its runs are training jobs
 * whose ids follow from the declaration, so a study that was interrupted goes on where it was.
 */
export interface Study {
  /**
   * As of a training job.
   */
  'id': (string);
  'uid': (string);
  'state': (_stepwire_v1_StudyState);
  'create_time': (_google_protobuf_Timestamp | null);
  'start_time': (_google_protobuf_Timestamp | null);
  'end_time': (_google_protobuf_Timestamp | null);
  'title': (string);
  /**
   * "comparison" (the default), or "demonstration": its report says in its title that it shows the plumbing and supports no verdict.
   */
  'purpose': (string);
  /**
   * What all runs have in common: model, data set, schedule, budget. Neither an optimizer nor a seed.
   */
  'job': (_stepwire_v1_TrainingJob | null);
  /**
   * Two or more.
   */
  'arms': (_stepwire_v1_StudyArm)[];
  'tuning': (_stepwire_v1_StudyTuning | null);
  /**
   * Training seeds of the runs that the verdicts are about; two or more, one is enough for a demonstration.
   */
  'seeds': (string)[];
  /**
   * "test" when empty.
   */
  'test_split': (string);
  /**
   * What the verdicts are about: "accuracy" when empty.
   */
  'metric': (string);
  /**
   * The smallest difference that matters, in the metric's unit; above 0.
   */
  'margin'?: (number);
  /**
   * Confidence level of the intervals, above 0.5; 0.95 when not set. A verdict takes a corrected p below one less this.
   */
  'level'?: (number);
  /**
   * Of p values for the number of pairs: "holm" (the default) or "benjamini-hochberg".
   */
  'correction': (string);
  /**
   * The arm that each other one is compared with; all pairs are compared when empty and without contrasts.
   */
  'reference': (string);
  /**
   * Jobs at a time; 1 when not set.
   */
  'parallelism'?: (number);
  'claims': (_stepwire_v1_StudyClaim)[];
  /**
   * Set by the server, like all that follows.
   */
  'plan': (_stepwire_v1_StudyPlan | null);
  'progress': (_stepwire_v1_StudyProgress | null);
  /**
   * In the order in which they are started; not in lists.
   */
  'runs': (_stepwire_v1_StudyRun)[];
  /**
   * Set when the state is FAILED.
   */
  'error': (_stepwire_v1_JobError | null);
  /**
   * Executions so far.
   */
  'attempt': (number);
  /**
   * The pairs that are compared, in the place of those with the reference or of all: the fewer there are, the less has to be corrected for. Each
   * ablation is compared with the arm that it is of all the same.
   */
  'contrasts': (_stepwire_v1_StudyContrast)[];
  '_margin'?: "margin";
  '_level'?: "level";
  '_parallelism'?: "parallelism";
}
