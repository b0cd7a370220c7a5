import { describe, expect, test } from "vitest";
import { scheduleGoldens as goldens } from "../../../test/goldens/optimizers/schedules.js";
import { scheduleFactor, warmupSteps } from "./scheduleFactor.js";

describe(`schedules equal those of transformers ${goldens.versions["transformers"]} step by step`, () => {
  test.each(goldens.runs.map((run) => [JSON.stringify(run.schedule), run.factors.length, run] as const))(
    "%s over %i steps",
    (_, total, run) => {
      expect(warmupSteps(run.schedule, total)).toBe(run.warmupSteps);
      run.factors.forEach((factor, done) => expect(scheduleFactor(run.schedule, done + 1, total)).toBeCloseTo(factor, 14));
    },
  );
});

test("refuses an unknown schedule and a step outside the job", () => {
  expect(() => scheduleFactor({ name: "step" }, 1, 10)).toThrow('"step" is not a schedule; allowed: constant, linear, cosine');
  for (const step of [0, 11, Number.NaN])
    expect(() => scheduleFactor({ name: "linear" }, step, 10)).toThrow(`step ${step} is not within 1 and 10`);
});
