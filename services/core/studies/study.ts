import type { ComparisonMetric } from "../comparisons/comparisonMetrics.js";
import type { Correction } from "../statistics/multipleTesting.js";
import type { TrainingJobDraft } from "../jobs/completeSpec.js";
import type { HyperparameterValue, JobError, TrainingJobState } from "../jobs/trainingJob.js";
import type { OptimizerDraft } from "../optimizers/validateOptimizer.js";

/** States of a Study. */
export type StudyState = "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";

/** What a study is for: a verdict, or to show that everything works, which supports none. */
export const studyPurposes = ["comparison", "demonstration"] as const;
export type StudyPurpose = (typeof studyPurposes)[number];

/** How the points of a search are chosen. */
export const searchMethods = ["grid", "random"] as const;
export type SearchMethod = (typeof searchMethods)[number];

/** What decides between an arm's trials, on the validation split. */
export const tuningMetrics = ["accuracy", "loss"] as const;
export type TuningMetric = (typeof tuningMetrics)[number];

export const searchScales = ["log", "linear"] as const;

/** Where a hyperparameter is looked for: among values, or between bounds. */
export type SearchSpace = { values: readonly number[] } | { min: number; max: number; scale: (typeof searchScales)[number] };

/** One of the methods that a study compares. */
export interface StudyArm {
  /** As resource ids are spelt. */
  name: string;
  description: string;
  optimizer: OptimizerDraft;
  /** By hyperparameter. */
  search: Readonly<Record<string, SearchSpace>>;
  /** The arm of which this one lacks an element. */
  ablationOf?: string;
}

/** What somebody claimed for an arm, shown beside what was measured. */
export interface StudyClaim {
  arm: string;
  /** In the unit of the study's metric. */
  value: number;
  source: string;
}

/** How each arm's hyperparameters are chosen, the same for all. */
export interface StudyTuning {
  /** Of each arm. */
  trials: number;
  method: SearchMethod;
  metric: TuningMetric;
  /** Training seeds of each trial; none of them is a seed of the study. */
  seeds: readonly number[];
  /** Of the points of a random search. */
  searchSeed: number;
}

/** A study as it is declared, every default filled in. */
export interface StudyDeclaration {
  title: string;
  purpose: StudyPurpose;
  /** What all runs have in common: neither an optimizer nor a seed. */
  job: TrainingJobDraft;
  arms: readonly StudyArm[];
  tuning: StudyTuning;
  /** Training seeds of the runs that the verdicts are about. */
  seeds: readonly number[];
  testSplit: string;
  metric: ComparisonMetric;
  /** The smallest difference that matters, in the metric's unit. */
  margin: number;
  level: number;
  correction: Correction;
  /** The arm that each other one is compared with; undefined, and no contrasts: all pairs. */
  reference?: string;
  /** The pairs that are compared, beside ablations, in the place of the above. */
  contrasts?: readonly StudyContrast[];
  /** Jobs at a time. */
  parallelism: number;
  claims: readonly StudyClaim[];
}

/** Two arms by name, the first compared with the second. */
export interface StudyContrast {
  first: string;
  second: string;
}

/** What a run is for. */
export type RunPhase = "TUNING" | "FINAL";

/** One training job of a study, and of a final run its evaluation. */
export interface StudyRun {
  arm: string;
  phase: RunPhase;
  /** Which of the arm's trials, from 1; of a final run the one that was chosen. */
  trial: number;
  seed: number;
  /** What the search chose. */
  hyperparameters: Readonly<Record<string, HyperparameterValue>>;
  /** Id of the training job. */
  trainingJob: string;
  /** Of the run: of the training job, but RUNNING until the evaluation of a final run has ended. */
  state: Extract<TrainingJobState, "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED">;
  /** Of the training job, while it runs. */
  step?: number;
  totalSteps?: number;
  /** On the validation split, after the last step. */
  validationAccuracy?: number;
  validationLoss?: number;
  trainSeconds?: number;
  peakMemoryBytes?: number;
  tokens?: number;
  weightsDigest?: string;
  /** Id of the evaluation on the test split. */
  evaluation?: string;
  error?: { code: string; message: string };
}

/** What a study will do, known before it runs. */
export interface StudyPlan {
  tuningRuns: number;
  finalRuns: number;
  /** Of all jobs, one after the other, as the trainer expects. */
  expectedSeconds: number;
  /** The most that a run is expected to take. */
  peakMemoryBytes: number;
}

/** The durable record of a Study. Times are ISO 8601 in UTC. */
export interface StudyRecord {
  id: string;
  uid: string;
  tenant: string;
  state: StudyState;
  createTime: string;
  startTime?: string;
  endTime?: string;
  requestId?: string;
  declaration: StudyDeclaration;
  /** SHA-256 (hex) of the declaration. */
  declarationDigest: string;
  /** The uid of the data set when the study was created: a deleted id used again is another one. */
  datasetUid: string;
  plan: StudyPlan;
  /** Final runs are added when the arm's tuning has ended. */
  runs: StudyRun[];
  /** Somebody asked to end it. */
  cancelling?: boolean;
  /** Estimated, until the report is written. */
  secondsLeft?: number;
  attempt: number;
  failures?: number;
  lease?: { owner: string; expires: string };
  error?: JobError;
  traceparent?: string;
}

export function studyEnded(state: StudyState): boolean {
  return state === "SUCCEEDED" || state === "FAILED" || state === "CANCELLED";
}
