import { expect, it } from "vitest";
import type { StudyRun } from "./study.js";
import { tuningNoise } from "./tuningNoise.js";

/** One run for each value of each trial. */
const runsOf = (trials: readonly (readonly number[])[]): StudyRun[] =>
  trials.flatMap((values, trial) =>
    values.map((validationAccuracy, seed): StudyRun => ({
      ...{ arm: "a", phase: "TUNING", trial: trial + 1, seed, hyperparameters: {}, trainingJob: `${trial}-${seed}` },
      ...{ state: "SUCCEEDED", validationAccuracy, validationLoss: 1 - validationAccuracy },
    })),
  );

it("the lead of the chosen trial is told beside its standard error over the tuning seeds", () => {
  // Variances within the trials: 0.0001, 0.0001 and 0; of three values each a mean has a third of their mean, a difference twice that.
  const found = tuningNoise(
    runsOf([
      [0.8, 0.81, 0.82],
      [0.83, 0.84, 0.85],
      [0.7, 0.7, 0.7],
    ]),
    "a",
    { metric: "accuracy" },
  );
  expect(found?.gap).toBeCloseTo(0.03, 12);
  expect(found?.noise).toBeCloseTo(Math.sqrt((2 * 0.0002) / 3 / 3), 12);
  expect(
    tuningNoise(
      runsOf([
        [0.8, 0.82],
        [0.9, 0.92],
      ]),
      "a",
      { metric: "loss" },
    )?.gap,
  ).toBeCloseTo(0.1, 12);
});

it("one tuning seed shows no noise, and one trial no lead", () => {
  expect(tuningNoise(runsOf([[0.8], [0.9]]), "a", { metric: "accuracy" })).toEqual({ gap: expect.closeTo(0.1, 12) });
  expect(tuningNoise(runsOf([[0.8, 0.9]]), "a", { metric: "accuracy" })).toBeUndefined();
  expect(tuningNoise([], "a", { metric: "accuracy" })).toBeUndefined();
});
