import type { EvaluationMetrics, IntervalSettings } from "#core/evaluations/evaluation.js";
import type { JobError, TrainingSpec } from "#core/jobs/trainingJob.js";

/** What a supervisor hands to the runner it starts. */
export interface RunnerInput {
  /** The job's, which says how the rows were chosen and the texts cut. */
  spec: TrainingSpec;
  split: string;
  intervals: IntervalSettings;
  checkpointFolder: string;
  weightsDigest: string;
  classes: string[];
  /** The stored file of each split, by the split's name. */
  splitFiles: Record<string, string>;
  /** Written by the runner: one JSON line an example. */
  predictionsFile: string;
  traceparent?: string;
}

/** What a runner says to its supervisor. */
export type RunnerMessage =
  | { type: "progress"; examples: number; totalExamples: number }
  | { type: "done"; metrics: EvaluationMetrics }
  | { type: "failed"; error: Omit<JobError, "attempt"> };
