import type { LoraSettings } from "../models/adapter.js";

/** States of a TrainingJob; who may move them is in `stateMachine.ts`. */
export const trainingJobStates = [
  "QUEUED",
  "VALIDATING",
  "RUNNING",
  "PAUSING",
  "PAUSED",
  "CANCELLING",
  "SUCCEEDED",
  "FAILED",
  "CANCELLED",
] as const;
export type TrainingJobState = (typeof trainingJobStates)[number];

/** What a model learns: the class of a text, a number for it, or the next token. */
export const trainingTasks = ["classification", "regression", "causal_lm"] as const;
export type TrainingTask = (typeof trainingTasks)[number];

/** What matrix products are computed in; weights and optimizer state are float32 in both. */
export const precisions = ["float32", "bfloat16"] as const;
export type Precision = (typeof precisions)[number];

/** A hyperparameter's value as JSON carries it. */
export type HyperparameterValue = number | boolean | string;

/** An element of a chain, its hyperparameters complete. */
export interface ElementSelection {
  name: string;
  hyperparameters: Record<string, HyperparameterValue>;
}

/** Which optimizer a job uses, its hyperparameters complete. */
export interface OptimizerSelection {
  /** Of the catalogue, or "custom" with a chain. */
  name: string;
  hyperparameters: Record<string, HyperparameterValue>;
  chain?: readonly ElementSelection[];
  /** The innermost first. */
  wrappers?: readonly ElementSelection[];
  groups?: readonly GroupOverride[];
}

/** What is different for parameters whose names match a pattern. */
export interface GroupOverride {
  /** A parameter's name, `*` standing for any text. */
  pattern: string;
  /** Multiplies the learning rate; 0 freezes the parameters. */
  learningRateScale?: number;
  /** Whether weight decay applies. */
  decayed?: boolean;
}

/** Which rows a job trains and validates on. */
export interface DatasetSelection {
  id: string;
  trainSplit: string;
  /** `undefined`: cut from the training split. */
  validationSplit?: string;
  /** Share of the training split, 0 < fraction < 1; set exactly when `validationSplit` is not. */
  validationFraction?: number;
  splitSeed: number;
  /** First rows after a shuffle with the job's seed. */
  maxTrainRows?: number;
}

/** Learning rate as a function of the step. */
export interface ScheduleSelection {
  name: string;
  warmupSteps?: number;
  warmupRatio?: number;
  /** Of the schedule, complete. */
  options?: Record<string, HyperparameterValue>;
}

/** What a job does, every default filled in. Exactly one of `epochs` and `maxSteps` is set. */
export interface TrainingSpec {
  task: TrainingTask;
  model: string;
  dataset: DatasetSelection;
  optimizer: OptimizerSelection;
  /** Set: small matrices are trained in the place of all weights. */
  lora?: LoraSettings;
  /** Left out: float32. */
  precision?: Precision;
  /** Whether layers are computed again for the backward pass instead of kept; left out: they are kept. */
  recomputeActivations?: boolean;
  schedule: ScheduleSelection;
  /** 0: off. */
  maxGradNorm: number;
  epochs?: number;
  maxSteps?: number;
  batchSize: number;
  microBatchTokens: number;
  maxLength: number;
  /** Set: nobody chose `maxLength`, and it becomes what the model has positions for if that is less, once the model is known. */
  maxLengthOpen?: boolean;
  seed: number;
  /** Steps; 0: at the end only; undefined: once an epoch. */
  evaluateEvery?: number;
  onNan: "FAIL" | "SKIP";
  /** Whether what another job needs to go on is saved with the checkpoint; left out: it is not. */
  keepTrainingState?: boolean;
  /** Id of the job that this one goes on from. */
  resumeFrom?: string;
}

/** Known before the job runs. */
export interface TrainingPlan {
  totalSteps: number;
  /** Of a job that goes on from another; left out: 1. */
  firstStep?: number;
  stepsPerEpoch: number;
  warmupSteps: number;
  trainRows: number;
  validationRows: number;
  /** Over all steps from the first one on, padding not counted. */
  tokens: number;
  peakMemoryBytes: number;
  expectedSeconds: number;
  parameters: number;
}

/** The checkpoint that a job goes on from. */
export interface ResumePoint {
  /** Of the job that it is of. */
  uid: string;
  attempt: number;
}

/** Where a running job stands. */
export interface TrainingProgress {
  step: number;
  totalSteps: number;
  epoch: number;
  loss?: number;
  validationAccuracy?: number;
  tokensPerSecond: number;
  secondsLeft: number;
}

/** Why a job or an evaluation failed. */
export interface JobError {
  /** UPPER_SNAKE. */
  code: string;
  message: string;
  field?: string;
  attempt: number;
  step?: number;
}

/** Digests (SHA-256, hex) of what a training started from: two are comparable where these are equal. */
export interface TrainingOrigin {
  /** Of the weights, those that were drawn from the seed left out. */
  baseWeightsDigest: string;
  /** Of the tokenizer's files. */
  tokenizerDigest: string;
  /** Of the rows that were trained on. */
  trainRowsDigest: string;
}

/** What a succeeded job leaves. */
export interface TrainingResult {
  steps: number;
  finalLoss: number;
  validationLoss?: number;
  validationAccuracy?: number;
  trainSeconds: number;
  tokens: number;
  peakMemoryBytes: number;
  weightsDigest: string;
  checkpoint: string;
  environment: Record<string, string>;
  skippedSteps: number;
  /** Left out by jobs from before it was recorded. */
  origin?: TrainingOrigin;
}

/** The durable record of a TrainingJob: JSON in the KV bucket, changed by compare-and-set only. Times are ISO 8601 in UTC. */
export interface TrainingJobRecord {
  id: string;
  uid: string;
  tenant: string;
  state: TrainingJobState;
  createTime: string;
  startTime?: string;
  endTime?: string;
  requestId?: string;
  spec: TrainingSpec;
  labels: Record<string, string>;
  plan: TrainingPlan;
  /** Set exactly when the spec says `resumeFrom`. */
  resume?: ResumePoint;
  progress?: TrainingProgress;
  attempt: number;
  /** Attempts that ended by no doing of the job: crashes and lost machines, not drains. */
  failures?: number;
  /** Who runs it and until when; renewed at a third of its length. */
  lease?: { owner: string; expires: string };
  error?: JobError;
  result?: TrainingResult;
  /** W3C trace context of the call that created the job. */
  traceparent?: string;
}
