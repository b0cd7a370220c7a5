import { hasEnded } from "./studyRuns.js";
import type { StudyPlan, StudyRun } from "./study.js";

/** How far a study is. */
export interface StudyProgress {
  /** Of the plan. */
  runs: number;
  done: number;
  running: number;
  failed: number;
  /** Those that have not begun, final runs that are not known yet included. */
  left: number;
}

/** Counts a study's runs by what became of them; final runs of an arm whose every trial failed are done: there is nothing to train. */
export function studyProgress(plan: Pick<StudyPlan, "tuningRuns" | "finalRuns">, runs: readonly StudyRun[], ended: boolean): StudyProgress {
  const all = plan.tuningRuns + plan.finalRuns;
  const count = (is: (run: StudyRun) => boolean) => runs.filter(is).length;
  const running = count(({ state }) => state === "RUNNING");
  const done = count(hasEnded);
  return {
    runs: all,
    done,
    running,
    failed: count(({ state }) => state === "FAILED" || state === "CANCELLED"),
    left: ended ? 0 : all - done - running,
  };
}

/**
 * The time that the runs which have not ended will take: the trainer's expectation, corrected by how long those took that have.
 * @param expectedSeconds of all runs of the plan, one after the other
 * @param measured wall seconds that this execution of the study took for `measuredRuns` runs
 * @returns seconds
 */
export function secondsLeft(
  { runs, done }: Pick<StudyProgress, "runs" | "done">,
  expectedSeconds: number,
  measured: { seconds: number; runs: number },
): number {
  const perRun = measured.runs > 0 ? measured.seconds / measured.runs : expectedSeconds / Math.max(1, runs);
  return (runs - done) * perRun;
}
