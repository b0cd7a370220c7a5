import type { Outcomes } from "../../comparisons/outcomes.js";
import type { RunCurve } from "../runCurve.js";
import type { StudyRun } from "../study.js";

/** A final run that has succeeded, with what its evaluation and its steps say. */
export interface RunOutcome {
  run: StudyRun;
  /** Of the study's metric, on the test split. */
  outcomes: Outcomes;
  splitDigest: string;
  curve: RunCurve;
}

/** What a training job was really run with: settings by name, as text. */
export interface RunSettings {
  arm: string;
  values: Readonly<Record<string, string>>;
}
