import { metricFacts } from "../../comparisons/comparisonMetrics.js";
import type { Outcomes } from "../../comparisons/outcomes.js";
import { linearise, type Linearised } from "../../comparisons/linearise.js";
import type { Interval } from "../../statistics/interval.js";
import { ofSeeds, testedMean } from "../../statistics/meanTest.js";
import { meanInterval } from "../../statistics/ratioInterval.js";
import { interquartileInterval, type SeedBootstrap } from "../../statistics/scoresOverSeeds.js";
import { wilsonInterval } from "../../statistics/wilson.js";
import { within } from "../../statistics/within.js";
import { chooseTrial, trialValues } from "../chooseTrial.js";
import type { RunCurve } from "../runCurve.js";
import type { StudyArm, StudyDeclaration, StudyRecord } from "../study.js";
import { tuningNoise } from "../tuningNoise.js";
import { trialPoints } from "../studyRuns.js";
import type { RunOutcome } from "./runOutcome.js";
import type { ArmReport, CurvePoint, SeedReport, TrialReport } from "./studyReport.js";

/** What one arm's trials and seeds came to. */
export function armReport(study: StudyRecord, arm: StudyArm, finals: readonly RunOutcome[]): ArmReport {
  const { declaration, runs } = study;
  const own = finals.filter(({ run }) => run.arm === arm.name);
  const linearised = own.map(({ outcomes }) => linearise(declaration.metric, outcomes));
  const values = linearised.map((each) => Float64Array.from(each.values));
  const means = values.map((each) => each.reduce((sum, value) => sum + value, 0) / each.length);
  const seeds = runs
    .filter((run) => run.arm === arm.name && run.phase === "FINAL")
    .map((run): SeedReport => {
      const value = means[own.findIndex((each) => each.run.trainingJob === run.trainingJob)];
      return {
        seed: run.seed,
        trainingJob: run.trainingJob,
        ...(value !== undefined && { value }),
        ...(run.evaluation !== undefined && { evaluation: run.evaluation }),
        ...(run.weightsDigest !== undefined && { weightsDigest: run.weightsDigest }),
        ...(run.state !== "SUCCEEDED" && { failure: run.error?.message ?? run.state }),
      };
    });
  const trials = trialReports(study, arm);
  const noise = declaration.tuning.trials > 1 ? tuningNoise(runs, arm.name, declaration.tuning) : undefined;
  const chosen = trials.find((trial) => trial.chosen)?.hyperparameters;
  const claim = declaration.claims.find((each) => each.arm === arm.name);
  const seconds = own.flatMap(({ run }) => (run.trainSeconds !== undefined && run.totalSteps ? [run.trainSeconds / run.totalSteps] : []));
  const memory = own.flatMap(({ run }) => run.peakMemoryBytes ?? []);
  const whole = isWhole(study, arm.name, finals);
  const deviation = whole ? standardDeviation(means) : undefined;
  return {
    name: arm.name,
    description: arm.description,
    optimizer: arm.optimizer.name || "custom chain",
    ...(arm.ablationOf !== undefined && { ablationOf: arm.ablationOf }),
    ...(chosen && { chosen }),
    trials,
    ...(noise && { tuningNoise: noise }),
    seeds,
    result: resultInterval(declaration, linearised, own[0]?.outcomes.kind),
    ...(whole && means.length > 1 && { interquartileMean: interquartileInterval([means], seedBootstrap(declaration.level)) }),
    ...(deviation !== undefined && { seedDeviation: deviation }),
    ...(claim && { claimed: { value: claim.value, source: claim.source } }),
    curves: {
      loss: meanCurve(own, ({ loss }) => loss, declaration),
      validation: meanCurve(own, ({ validation }) => validation, declaration),
    },
    ...(seconds.length > 0 && { secondsPerStep: average(seconds) }),
    ...(memory.length > 0 && { peakMemoryBytes: average(memory) }),
  };
}

/** Of what is said about seeds alone. */
export function seedBootstrap(level: number): SeedBootstrap {
  return { level, resamples: 10_000, seed: 0 };
}

/** Whether every seed of an arm has an outcome: a mean of those that did not fail would be a mean of the lucky ones. */
export function isWhole(study: StudyRecord, arm: string, finals: readonly RunOutcome[]): boolean {
  return finals.filter(({ run }) => run.arm === arm).length === study.declaration.seeds.length;
}

function resultInterval(
  { level, metric, seeds }: StudyDeclaration,
  outcomes: readonly Linearised[],
  kind: Outcomes["kind"] | undefined,
): Interval {
  if (outcomes.length < seeds.length) {
    const failed = `${seeds.length - outcomes.length} of ${seeds.length} final runs failed, and a mean of the others would be one of the lucky`;
    return { estimate: Number.NaN, level, ...ofSeeds, unavailable: outcomes.length === 0 ? "no final run succeeded" : failed };
  }
  const [only, ...more] = outcomes;
  if (only && more.length === 0 && metric === "accuracy" && kind === "mean") {
    const right = Array.from(only.values).reduce((sum, value) => sum + value, 0);
    return wilsonInterval(right, only.values.length, level);
  }
  const range = {
    least: Math.min(...outcomes.map((each) => each.range.least)),
    most: Math.max(...outcomes.map((each) => each.range.most)),
  };
  const rows = outcomes.map(({ values }) => values);
  return within(testedMean(rows, range).interval(level), metricFacts[metric].range);
}

function trialReports(study: StudyRecord, arm: StudyArm): TrialReport[] {
  const { declaration, runs } = study;
  if (declaration.tuning.trials === 1)
    return [{ trial: 1, hyperparameters: trialPoints(declaration, arm)[0] ?? {}, chosen: true, trainingJobs: [] }];
  const trials = trialValues(runs, arm.name, declaration.tuning);
  const best = chooseTrial(trials, declaration.tuning);
  return trials.map(({ trial, hyperparameters, value, failure, trainingJobs }) => ({
    trial,
    hyperparameters: { ...hyperparameters },
    chosen: trial === best?.trial,
    trainingJobs,
    ...(value !== undefined && { value }),
    ...(failure !== undefined && { failure }),
  }));
}

/** Mean over the seeds that have a point at a step; where all have one, with Student's t interval over them. */
function meanCurve(
  finals: readonly RunOutcome[],
  of: (curve: RunCurve) => RunCurve["loss"],
  { level, seeds }: Pick<StudyDeclaration, "level" | "seeds">,
): CurvePoint[] {
  const points = new Map<number, number[]>();
  for (const { curve } of finals) for (const { step, value } of of(curve)) points.set(step, [...(points.get(step) ?? []), value]);
  return [...points]
    .toSorted(([a], [b]) => a - b)
    .map(([step, values]) => {
      const { estimate, lower, upper } = meanInterval(values, level);
      const hasBand = values.length === seeds.length && lower !== undefined && upper !== undefined;
      return { step, mean: estimate, seeds: values.length, ...(hasBand && { lower, upper }) };
    });
}

function standardDeviation(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined;
  const mean = average(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
