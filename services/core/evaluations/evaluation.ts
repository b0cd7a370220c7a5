import type { JobError, TrainingTask } from "../jobs/trainingJob.js";
import type { BinomialMethod } from "../statistics/binomialInterval.js";
import type { Interval } from "../statistics/interval.js";
import type { BootstrapMethod } from "../statistics/resampling/bootstrapBounds.js";

/** States of an Evaluation. */
export type EvaluationState = "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";

/** Precision, recall and F1 of one class; 0 where the ratio is 0/0. */
export interface ClassMetrics {
  label: string;
  support: number;
  precision: number;
  recall: number;
  f1: number;
}

/** How an evaluation's intervals are made. */
export interface IntervalSettings {
  /** Confidence level, 0 < level < 1. */
  level: number;
  /** Of the accuracy. */
  interval: BinomialMethod;
  /** Of all metrics that have no interval in closed form. */
  bootstrap: { method: BootstrapMethod; resamples: number; seed: number };
}

export const defaultIntervals: IntervalSettings = {
  level: 0.95,
  interval: "wilson",
  bootstrap: { method: "bca", resamples: 10_000, seed: 0 },
};

/** What the predictions of one checkpoint on one split say. */
export interface EvaluationMetrics {
  examples: number;
  /** Examples, or of completions tokens, whose most probable answer is right; left out where numbers are predicted. */
  correct?: number;
  accuracy?: Interval;
  /** Mean cross entropy of classes or of completions' tokens in nats, or mean squared error of numbers; left out without probabilities. */
  loss?: number;
  lossInterval?: Interval;
  /** Of completions: the tokens that they have, and e to the loss. */
  tokens?: number;
  perplexity?: Interval;
  /** Of classes, like all that follows: see `core/statistics`. */
  macroF1?: Interval;
  microF1?: Interval;
  matthewsCorrelation?: Interval;
  balancedAccuracy?: Interval;
  brier?: Interval;
  calibrationError?: Interval;
  rocAuc?: Interval;
  classes: string[];
  /** [true class][predicted class]. */
  confusionMatrix: number[][];
  classMetrics: ClassMetrics[];
  splitDigest: string;
  weightsDigest: string;
  /** File with one line an example. */
  predictions: string;
  seconds: number;
}

/** Metrics without what only who ran the evaluation knows. */
export type PredictionMetrics = Omit<EvaluationMetrics, "splitDigest" | "weightsDigest" | "predictions" | "seconds">;

/** Where predictions come from that were made elsewhere. */
export interface PredictionSource {
  model: string;
  /** Of which examples. */
  dataset: string;
  /** That the model was trained with. */
  seed: number;
  task: TrainingTask;
  /** Whether examples came in groups, those of one being alike. */
  grouped: boolean;
  /** SHA-256 (hex) over all that was sent. */
  digest: string;
}

/** The durable record of an Evaluation. Times are ISO 8601 in UTC. */
export interface EvaluationRecord {
  id: string;
  uid: string;
  tenant: string;
  state: EvaluationState;
  createTime: string;
  endTime?: string;
  requestId?: string;
  /** Empty, like its uid and the split, where `source` is set. */
  trainingJob: string;
  /** The uid of the job when the evaluation was created: a deleted id used again is another job. */
  trainingJobUid: string;
  split: string;
  /** Of predictions that were made elsewhere. */
  source?: PredictionSource;
  intervals: IntervalSettings;
  attempt: number;
  /** Attempts that ended by no doing of the evaluation. */
  failures?: number;
  lease?: { owner: string; expires: string };
  progress?: { examples: number; totalExamples: number };
  metrics?: EvaluationMetrics;
  error?: JobError;
  traceparent?: string;
}

export function evaluationEnded(state: EvaluationState): boolean {
  return state === "SUCCEEDED" || state === "FAILED" || state === "CANCELLED";
}
