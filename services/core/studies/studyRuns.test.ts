import { describe, expect, it } from "vitest";
import { isResourceId } from "../jobs/jobId.js";
import { chooseTrial, trialValues } from "./chooseTrial.js";
import type { StudyArm, StudyDeclaration, StudyRun } from "./study.js";
import { finalRuns, hasEnded, tuningRuns, type StudyIdentity } from "./studyRuns.js";

const arm = (name: string): StudyArm => ({
  ...{ name, description: "", optimizer: { name } },
  search: { learning_rate: { min: 1e-4, max: 1e-2, scale: "log" } },
});
const declaration: StudyDeclaration = {
  ...{ title: "", purpose: "comparison", job: { dataset: { id: "d" } }, arms: [arm("sgd"), arm("adamw")] },
  tuning: { trials: 3, method: "grid", metric: "accuracy", seeds: [0, 9], searchSeed: 0 },
  ...{ seeds: [1, 2], testSplit: "test", metric: "accuracy", margin: 0.01, level: 0.95, correction: "holm", parallelism: 1, claims: [] },
};
const study: StudyIdentity = { id: "s", declaration, datasetUid: "u" };
const ended = (run: StudyRun, accuracy: number, loss = 0.5): StudyRun => ({
  ...run,
  state: "SUCCEEDED",
  validationAccuracy: accuracy,
  validationLoss: loss,
});

describe("a study's runs", () => {
  it("tune every arm with the same number of trials and the same seeds", () => {
    const runs = tuningRuns(study);
    for (const name of ["sgd", "adamw"]) {
      const own = runs.filter((run) => run.arm === name);
      expect(own.map(({ trial, seed }) => [trial, seed])).toEqual([1, 2, 3].flatMap((trial) => [0, 9].map((seed) => [trial, seed])));
      expect(own.every(({ phase, state }) => phase === "TUNING" && state === "QUEUED")).toBe(true);
    }
  });

  it("have ids that follow from the declaration, one for each different job", () => {
    const ids = tuningRuns(study).map(({ trainingJob }) => trainingJob);
    expect(new Set(ids).size).toBe(12);
    expect(ids).toEqual(tuningRuns(structuredClone(study)).map(({ trainingJob }) => trainingJob));
    expect(ids.every(isResourceId)).toBe(true);
    const others = [
      { ...study, id: "t" },
      { ...study, datasetUid: "v" },
      { ...study, declaration: { ...declaration, job: { ...declaration.job, batchSize: 8 } } },
    ].flatMap((other) => tuningRuns(other).map(({ trainingJob }) => trainingJob));
    expect(others.filter((id) => ids.includes(id))).toEqual([]);
    expect(tuningRuns({ ...study, id: "x".repeat(63) }).every(({ trainingJob }) => isResourceId(trainingJob))).toBe(true);
  });

  it("train an arm with every seed once its own tuning has ended, at what it chose", () => {
    const waiting = tuningRuns(study);
    expect(finalRuns(study, waiting)).toEqual([]);
    const tuned = waiting.map((run) => (run.arm === "sgd" ? ended(run, run.trial === 2 ? 0.8 : 0.7) : run));
    const finals = finalRuns(study, tuned);
    expect(finals.map(({ arm: name, seed, trial, hyperparameters }) => [name, seed, trial, hyperparameters])).toEqual([
      ["sgd", 1, 2, { learning_rate: 1e-3 }],
      ["sgd", 2, 2, { learning_rate: 1e-3 }],
    ]);
    expect(finalRuns(study, [...tuned, ...finals])).toEqual([]);
  });

  it("leave out an arm whose every trial failed, and need no tuning where there is one trial", () => {
    const failed = tuningRuns(study).map((run): StudyRun => ({
      ...run,
      state: "FAILED",
      error: { code: "NAN_LOSS", message: "not finite" },
    }));
    expect(finalRuns(study, failed)).toEqual([]);
    const one = { ...study, declaration: { ...declaration, tuning: { ...declaration.tuning, trials: 1 } } };
    expect(tuningRuns(one)).toEqual([]);
    expect(finalRuns(one, [])).toHaveLength(4);
    expect(finalRuns(one, []).some(hasEnded)).toBe(false);
  });
});

describe("the chosen trial", () => {
  const runs = tuningRuns(study).filter((run) => run.arm === "sgd");
  const tuning = declaration.tuning;

  it("has the best mean over the tuning seeds, not the luckiest run", () => {
    const lucky = runs.map((run) => ended(run, run.trial === 1 ? (run.seed === 0 ? 0.9 : 0.5) : run.trial === 2 ? 0.75 : 0.6));
    expect(chooseTrial(trialValues(lucky, "sgd", tuning), tuning)).toMatchObject({ trial: 2, value: 0.75 });
  });

  it("is the one with the lower loss of equals, then the first", () => {
    const equal = runs.map((run) => ended(run, 0.7, run.trial === 3 ? 0.1 : 0.4));
    expect(chooseTrial(trialValues(equal, "sgd", tuning), tuning)?.trial).toBe(3);
    expect(
      chooseTrial(
        trialValues(
          runs.map((run) => ended(run, 0.7)),
          "sgd",
          tuning,
        ),
        tuning,
      )?.trial,
    ).toBe(1);
  });

  it("is never one of which a run failed or is not finite", () => {
    const broken = runs.map((run): StudyRun => {
      if (run.trial === 1) return run.seed === 0 ? { ...run, state: "FAILED", error: { code: "X", message: "broke" } } : ended(run, 0.99);
      return ended(run, run.trial === 2 ? Number.NaN : 0.3);
    });
    const values = trialValues(broken, "sgd", tuning);
    expect(values[0]).toMatchObject({ failure: "broke" });
    expect(values[0]?.value).toBeUndefined();
    expect(chooseTrial(values, tuning)?.trial).toBe(3);
  });

  it("has the lowest loss where the metric is the loss", () => {
    const byLoss = { ...tuning, metric: "loss" } as const;
    const values = trialValues(
      runs.map((run) => ended(run, 0.1 * run.trial, run.trial)),
      "sgd",
      byLoss,
    );
    expect(chooseTrial(values, byLoss)).toMatchObject({ trial: 1, value: 1 });
  });
});
