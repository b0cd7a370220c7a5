import type { StudyRun, StudyTuning } from "./study.js";

/** What the runs of one trial reached on the validation split. */
export interface TrialValue {
  trial: number;
  hyperparameters: StudyRun["hyperparameters"];
  /** Mean of the tuning metric over the tuning seeds; missing when a run failed. */
  value?: number;
  /** Mean of the loss. */
  loss?: number;
  /** Of a run that failed. */
  failure?: string;
  trainingJobs: string[];
}

/** The trials of one arm's tuning, in their order. */
export function trialValues(runs: readonly StudyRun[], arm: string, { metric }: Pick<StudyTuning, "metric">): TrialValue[] {
  const own = runs.filter((run) => run.arm === arm && run.phase === "TUNING");
  const trials = [...new Set(own.map(({ trial }) => trial))].toSorted((a, b) => a - b);
  return trials.map((trial) => {
    const of = own.filter((run) => run.trial === trial);
    const failed = of.find(({ state }) => state === "FAILED" || state === "CANCELLED");
    const loss = mean(of.map((run) => run.validationLoss));
    const value = metric === "loss" ? loss : mean(of.map((run) => run.validationAccuracy));
    return {
      trial,
      hyperparameters: of[0]?.hyperparameters ?? {},
      ...(failed ? { failure: failed.error?.message ?? failed.state } : { ...(value !== undefined && { value }) }),
      ...(!failed && loss !== undefined && { loss }),
      trainingJobs: of.map(({ trainingJob }) => trainingJob),
    };
  });
}

/**
 * The trial with the best value of the tuning metric; of equals the one with the lower loss, then the first. One that failed is never chosen.
 * @returns undefined when all failed
 */
export function chooseTrial(trials: readonly TrialValue[], { metric }: Pick<StudyTuning, "metric">): TrialValue | undefined {
  const sign = metric === "loss" ? 1 : -1;
  const rank = ({ value = Number.NaN, loss = Infinity }: TrialValue) => [sign * value, loss] as const;
  const finished = trials.filter(({ value }) => value !== undefined && Number.isFinite(value));
  return finished.toSorted((a, b) => {
    const [first, second] = [rank(a), rank(b)];
    return first[0] - second[0] || compare(first[1], second[1]) || a.trial - b.trial;
  })[0];
}

/** Infinities less each other are no number. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function mean(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 || known.length < values.length ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length;
}
