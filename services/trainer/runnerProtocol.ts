import type { MetricPoint } from "#core/jobs/metricPoint.js";
import type { ModelFolder } from "#engine/models/modelFolder.js";
import type { JobError, TrainingPlan, TrainingResult, TrainingSpec } from "#core/jobs/trainingJob.js";

/** What a supervisor hands to the runner it starts. */
export interface RunnerInput {
  spec: TrainingSpec;
  plan: TrainingPlan;
  /** A folder, or an id of the hub with the cache that it is fetched into. */
  model: ModelFolder | { hubId: string; cacheFolder: string };
  dataset: { id: string; digest: string };
  classes: string[];
  /** The stored file of each split, by the split's name. */
  splitFiles: Record<string, string>;
  checkpointFolder: string;
  traceparent?: string;
}

/** A point before the supervisor says whose it is. */
export type RunnerPoint = Omit<MetricPoint, "uid" | "job" | "attempt" | "time">;

/** What a runner says to its supervisor. */
export type RunnerMessage =
  /** The spec is complete, which that of a job with a model of the hub was not. */
  | { type: "started"; spec: TrainingSpec }
  | { type: "point"; point: RunnerPoint }
  | { type: "log"; level: "info" | "warn" | "error"; message: string; attributes: Record<string, number | string | boolean> }
  | { type: "stopped" }
  | { type: "done"; result: TrainingResult }
  | { type: "failed"; error: Omit<JobError, "attempt"> };
