import { canonicalDigest } from "../canonicalDigest.js";
import type { HyperparameterValue } from "../jobs/trainingJob.js";
import { chooseTrial, trialValues } from "./chooseTrial.js";
import { searchPoints } from "./searchPoints.js";
import type { RunPhase, StudyArm, StudyDeclaration, StudyRecord, StudyRun } from "./study.js";

/** What says which training jobs a study has. */
export type StudyIdentity = Pick<StudyRecord, "id" | "declaration" | "datasetUid">;

/** The points of an arm's search; a declaration that was checked has them. */
export function trialPoints(declaration: StudyDeclaration, arm: StudyArm): Record<string, HyperparameterValue>[] {
  const search = searchPoints(arm.search, declaration.tuning);
  if ("problem" in search) throw new RangeError(`arm ${arm.name} ${search.problem}`);
  return search.points;
}

/** The runs of the search of every arm; none where there is nothing to choose between. */
export function tuningRuns(study: StudyIdentity): StudyRun[] {
  const { declaration } = study;
  if (declaration.tuning.trials === 1) return [];
  return declaration.arms.flatMap((arm) =>
    trialPoints(declaration, arm).flatMap((hyperparameters, index) =>
      declaration.tuning.seeds.map((seed) => queuedRun(study, arm, { phase: "TUNING", trial: index + 1, seed, hyperparameters })),
    ),
  );
}

/**
 * The runs that the verdicts are about, of the arms whose tuning has ended.
 * @param runs those that the study has had
 * @returns those that `runs` lacks; none for an arm whose every trial failed
 */
export function finalRuns(study: StudyIdentity, runs: readonly StudyRun[]): StudyRun[] {
  const { declaration } = study;
  return declaration.arms.flatMap((arm) => {
    if (runs.some((run) => run.arm === arm.name && (run.phase === "FINAL" || !hasEnded(run)))) return [];
    const chosen =
      declaration.tuning.trials === 1
        ? { trial: 1, hyperparameters: trialPoints(declaration, arm)[0] ?? {} }
        : chooseTrial(trialValues(runs, arm.name, declaration.tuning), declaration.tuning);
    if (!chosen) return [];
    const { trial, hyperparameters } = chosen;
    return declaration.seeds.map((seed) => queuedRun(study, arm, { phase: "FINAL", trial, seed, hyperparameters }));
  });
}

/** Whether a run will not change any more. */
export function hasEnded({ state }: Pick<StudyRun, "state">): boolean {
  return state === "SUCCEEDED" || state === "FAILED" || state === "CANCELLED";
}

type Choice = Pick<StudyRun, "trial" | "seed" | "hyperparameters"> & { phase: RunPhase };

function queuedRun(study: StudyIdentity, arm: StudyArm, choice: Choice): StudyRun {
  return { arm: arm.name, ...choice, state: "QUEUED", trainingJob: runJobId(study, arm, choice) };
}

/**
 * The id of a run's training job: the same for the same job, so that a study that goes on finds what it has trained. It begins with the study's
 * id, cut where the two would be longer than an id may be.
 */
function runJobId({ id, declaration, datasetUid }: StudyIdentity, arm: StudyArm, { seed, hyperparameters }: Choice): string {
  const { name, optimizer } = arm;
  const identity = { study: id, arm: name, job: declaration.job, optimizer, hyperparameters, seed, datasetUid };
  const digest = canonicalDigest(identity).slice(0, digestLength);
  return `${id.slice(0, longestId - digestLength - 1)}-${digest}`;
}

const longestId = 63;
const digestLength = 16;
