import type { Outcomes } from "../../comparisons/outcomes.js";
import type { RunCurve } from "../runCurve.js";
import type { RunPhase, StudyRun } from "../study.js";

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
  phase: RunPhase;
  seed: number;
  /** False of a job that did not come to its end: what is not in `values` is then not known of it, and not set otherwise. */
  isComplete: boolean;
  values: Readonly<Record<string, string>>;
}

/** An evaluation of a run's model on the test split. */
export interface TestEvaluation {
  id: string;
  trainingJob: string;
}
