import type { StudyRun } from "#core/studies/study.js";

/** The name under which the curve of a run is stored. */
export function curveArtifact(studyUid: string, run: Pick<StudyRun, "trainingJob">): string {
  return `${studyUid}.${run.trainingJob}`;
}
