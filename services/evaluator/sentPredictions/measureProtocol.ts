import type { IntervalSettings, PredictionMetrics } from "#core/evaluations/evaluation.js";
import type { ColumnName } from "#core/evaluations/predictionColumns.js";
import type { SentSource } from "#core/evaluations/sentPredictions.js";
import type { Fault } from "#core/fault.js";

/** What the process that measures predictions is given. */
export interface MeasureInput {
  /** Has a file for each column, called after it: its values, little-endian. */
  folder: string;
  rows: number;
  columns: readonly ColumnName[];
  source: SentSource;
  intervals: IntervalSettings;
  /** Written: one JSON line a row. */
  predictionsFile: string;
}

/** What that process says. */
export type MeasureMessage =
  | { type: "faults"; faults: Fault[] }
  | { type: "measured"; metrics: PredictionMetrics; truthDigest: string; digest: string }
  | { type: "failed"; code: string; message: string };
