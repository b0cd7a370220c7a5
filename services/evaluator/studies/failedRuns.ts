import type { StudyRun } from "#core/studies/study.js";
import type { FailedRun } from "./reportProtocol.js";

/** The runs of a study, those that could not be measured as FAILED. */
export function withFailures(runs: readonly StudyRun[], failed: readonly FailedRun[]): StudyRun[] {
  return runs.map((run): StudyRun => {
    const failure = failed.find(({ trainingJob }) => trainingJob === run.trainingJob);
    return failure ? { ...run, state: "FAILED", error: { code: "NOT_MEASURABLE", message: failure.message } } : run;
  });
}
