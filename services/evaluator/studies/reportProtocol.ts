import type { RunSettings } from "#core/studies/report/runOutcome.js";
import type { StudyRecord } from "#core/studies/study.js";

import type { PredictionsFile } from "../comparisons/readOutcomes.js";

/** What a supervisor hands to the runner that writes a report. */
export interface ReportInput {
  study: StudyRecord;
  /** Of each final run that has succeeded. */
  files: { trainingJob: string; predictions: PredictionsFile; splitDigest: string; curve: string }[];
  /** Of each final run's job. */
  settings: RunSettings[];
  /** ISO 8601: when the study ended. */
  now: string;
  /** Where the report goes. */
  folder: string;
}

/** What the runner says. */
export type ReportMessage = { type: "done" };
