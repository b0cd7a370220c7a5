import type { RunSettings, TestEvaluation } from "#core/studies/report/runOutcome.js";
import type { StudyRecord } from "#core/studies/study.js";

import type { PredictionsFile } from "../comparisons/readOutcomes.js";

/** What a supervisor hands to the runner that writes a report. */
export interface ReportInput {
  study: StudyRecord;
  /** Of each final run that has succeeded. */
  files: { trainingJob: string; predictions: PredictionsFile; splitDigest: string; curve: string }[];
  /** Of each run's job, as far as the job is there. */
  settings: RunSettings[];
  /** All that there are of the study's models on the test split. */
  evaluations: TestEvaluation[];
  /** ISO 8601: when the study ended. */
  now: string;
  /** Where the report goes. */
  folder: string;
}

/** A final run whose predictions have no value of the study's metric. */
export interface FailedRun {
  trainingJob: string;
  message: string;
}

/** What the runner says. `error`: why there is no report; of name RangeError it says of the findings that there cannot be one. */
export type ReportMessage = { type: "done"; failed: FailedRun[] } | { type: "error"; name: string; message: string };
