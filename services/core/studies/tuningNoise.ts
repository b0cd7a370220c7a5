import type { StudyRun, StudyTuning } from "./study.js";
import { chooseTrial, trialValues } from "./chooseTrial.js";

/** How far the chosen trial of an arm was ahead, and how far that hangs on chance. */
export interface TuningNoise {
  /** Of the tuning metric, by which the chosen trial was better than the second; 0 or more. */
  gap: number;
  /** Standard error of such a difference, from how much the values of a trial vary over the tuning seeds; missing with one tuning seed. */
  noise?: number;
}

/**
 * The lead of the chosen trial over the next one. The best of several trials is best by chance too: a lead below twice its noise says little.
 * @returns undefined where fewer than two trials have a value
 */
export function tuningNoise(runs: readonly StudyRun[], arm: string, tuning: Pick<StudyTuning, "metric">): TuningNoise | undefined {
  const trials = trialValues(runs, arm, tuning);
  const chosen = chooseTrial(trials, tuning);
  const second =
    chosen &&
    chooseTrial(
      trials.filter((trial) => trial !== chosen),
      tuning,
    );
  if (chosen?.value === undefined || second?.value === undefined) return undefined;
  const gap = Math.abs(chosen.value - second.value);
  let [squares, freedom, most] = [0, 0, 0];
  for (const { trial, value } of trials) {
    if (value === undefined) continue;
    const own = runs.filter((run) => run.arm === arm && run.phase === "TUNING" && run.trial === trial).map((run) => valueOf(run, tuning));
    squares += own.reduce((sum, each) => sum + (each - value) ** 2, 0);
    freedom += own.length - 1;
    most = Math.max(most, own.length);
  }
  return { gap, ...(freedom > 0 && { noise: Math.sqrt((2 * squares) / freedom / most) }) };
}

function valueOf(run: StudyRun, { metric }: Pick<StudyTuning, "metric">): number {
  return (metric === "loss" ? run.validationLoss : run.validationAccuracy) ?? Number.NaN;
}
