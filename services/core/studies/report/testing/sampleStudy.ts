import { randomBits } from "../../../random.js";
import type { StudyArm, StudyDeclaration, StudyRecord, StudyRun } from "../../study.js";
import type { StudyFindings } from "../buildStudyReport.js";
import type { RunOutcome } from "../runOutcome.js";

/** What the made-up study is like. */
export interface SampleOptions {
  /** Share that each arm has right, by its name. */
  arms: Readonly<Record<string, number>>;
  seeds?: readonly number[];
  /** By arm: how many of its final runs failed. */
  failedSeeds?: Readonly<Record<string, number>>;
  /** Arms whose every trial failed. */
  failedArms?: readonly string[];
  declaration?: Partial<StudyDeclaration>;
}

const examples = 300;

/** A study with three trials an arm whose outcomes were drawn, for tests of what is made of them. */
export function sampleStudy(options: SampleOptions): StudyFindings {
  const { seeds = [1, 2, 3], failedSeeds = {}, failedArms = [] } = options;
  const names = Object.keys(options.arms);
  const arms = names.map((name): StudyArm => ({
    ...{ name, description: `The arm ${name}.`, optimizer: { name: "adamw" } },
    search: { learning_rate: { min: 1e-4, max: 1e-2, scale: "log" } },
    ...(name.startsWith("whole-without-") && { ablationOf: "whole" }),
  }));
  const declaration: StudyDeclaration = {
    ...{ title: "A sample", purpose: "comparison", job: {}, arms, seeds, testSplit: "test", metric: "accuracy", margin: 0.02, level: 0.95 },
    ...{ correction: "holm", parallelism: 1, claims: [] },
    tuning: { trials: 3, method: "grid", metric: "accuracy", seeds: [0], searchSeed: 0 },
    ...options.declaration,
  };
  const tuning = names.flatMap((arm) =>
    [1e-4, 1e-3, 1e-2].map((rate, index): StudyRun => ({
      ...{
        arm,
        phase: "TUNING",
        trial: index + 1,
        seed: 0,
        hyperparameters: { learning_rate: rate },
        trainingJob: `${arm}-trial-${index + 1}`,
      },
      ...(failedArms.includes(arm)
        ? { state: "FAILED", error: { code: "NAN_LOSS", message: "the loss is NaN" } }
        : { state: "SUCCEEDED", validationAccuracy: [0.7, 0.9, 0.8][index] ?? 0, validationLoss: 0.4, trainSeconds: 10, tokens: 1000 }),
    })),
  );
  const finals = names
    .filter((arm) => !failedArms.includes(arm))
    .flatMap((arm) => seeds.map((seed, index) => final(arm, seed, index < (failedSeeds[arm] ?? 0))));
  const hardness = Array.from({ length: examples }, (_, index) => share("example", index));
  const outcomes = finals
    .filter(({ state }) => state === "SUCCEEDED")
    .map((run): RunOutcome => ({
      run,
      splitDigest: "0123456789abcdef",
      outcomes: {
        kind: "mean",
        values: hardness.map((hard, index) =>
          0.8 * hard + 0.2 * share(`${run.arm}/${run.seed}`, index) < (options.arms[run.arm] ?? 0) ? 1 : 0,
        ),
      },
      curve: {
        loss: [50, 100, 150, 200].map((step) => ({ step, value: 1 / Math.sqrt(step) + 0.01 * run.seed })),
        validation: [100, 200].map((step) => ({ step, value: 0.6 + step / 1000 + 0.01 * run.seed })),
      },
    }));
  const study: StudyRecord = {
    ...{ id: "sample", uid: "uid", tenant: "default", state: "RUNNING", createTime: "2026-01-01T00:00:00.000Z", declaration },
    ...{ declarationDigest: "d".repeat(64), datasetUid: "u", attempt: 1, runs: [...tuning, ...finals] },
    plan: { tuningRuns: tuning.length, finalRuns: names.length * seeds.length, expectedSeconds: 0, peakMemoryBytes: 0 },
  };
  const settings = [...tuning, ...finals].map(({ arm, phase, seed, state }) => ({
    ...{ arm, phase, seed, isComplete: state === "SUCCEEDED" },
    values: { optimizer: arm, "batch size": "8", schedule: "name linear" },
  }));
  const evaluations = finals.flatMap(({ evaluation, trainingJob }) => (evaluation === undefined ? [] : [{ id: evaluation, trainingJob }]));
  return { study, endTime: "2026-01-02T00:00:00.000Z", finals: outcomes, settings, evaluations };
}

function final(arm: string, seed: number, isFailed: boolean): StudyRun {
  return {
    ...{ arm, phase: "FINAL", trial: 2, seed, hyperparameters: { learning_rate: 1e-3 }, trainingJob: `${arm}-seed-${seed}` },
    ...(isFailed
      ? { state: "FAILED", error: { code: "NAN_LOSS", message: "the loss is NaN" } }
      : {
          ...{ state: "SUCCEEDED", step: 200, totalSteps: 200, trainSeconds: 30, tokens: 5000, peakMemoryBytes: 2 ** 30 },
          ...{ weightsDigest: "w", evaluation: `${arm}-${seed}` },
        }),
  };
}

/** Between 0 and 1. */
function share(purpose: string, index: number): number {
  return (randomBits(7, purpose, index) + 0.5) / 2 ** 32;
}
