import { describe, expect, test } from "vitest";
import { type GoldenSchedule, scheduleGoldens as goldens } from "../../../test/goldens/optimizers/schedules.js";
import { afterEvaluation, initialPlateau, type PlateauOptions } from "./plateauFactor.js";
import { scheduleFactor, warmupSteps } from "./scheduleFactor.js";
import { schedules } from "./schedules.js";

/** The golden's options as ours: in snake_case, apart from name and warm-up. */
function selection({ name, warmupSteps: steps, warmupRatio: ratio, ...options }: GoldenSchedule) {
  const ours = Object.entries(options).flatMap(([key, value]) =>
    value === undefined ? [] : [[key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value] as const],
  );
  return {
    name,
    ...(steps !== undefined && { warmupSteps: steps }),
    ...(ratio !== undefined && { warmupRatio: ratio }),
    options: Object.fromEntries(ours),
  };
}

describe(`schedules equal those of transformers ${goldens.versions["transformers"]} and torch ${goldens.versions["torch"]} step by step`, () => {
  const cases = goldens.runs.map((run) => [JSON.stringify(run.schedule), run.factors.length, run] as const);
  test.each(cases.filter(([, , { metrics }]) => metrics === undefined))("%s over %i steps", (_, total, run) => {
    const schedule = selection(run.schedule);
    expect(warmupSteps(schedule, total)).toBe(run.warmupSteps);
    run.factors.forEach((factor, done) => expect(scheduleFactor(schedule, done + 1, total)).toBeCloseTo(factor, 14));
  });

  const torchDefaults = { reduction_factor: 0.1, patience: 10, threshold: 1e-4, threshold_mode: "relative", cooldown: 0, final_factor: 0 };
  test.each(cases.filter(([, , { metrics }]) => metrics !== undefined))(
    "%s over %i evaluations",
    (_, _total, { schedule, metrics = [], factors }) => {
      const options = { ...torchDefaults, ...selection(schedule).options } as PlateauOptions;
      let state = initialPlateau(options);
      const seen = metrics.map((metric) => {
        state = afterEvaluation(state, metric, options);
        return state.factor;
      });
      seen.forEach((factor, index) => expect(factor).toBeCloseTo(factors[index] ?? Number.NaN, 14));
    },
  );

  test("and every schedule is among them", () =>
    expect(new Set(goldens.runs.map(({ schedule }) => schedule.name))).toEqual(new Set(schedules.map(({ name }) => name))));
});

test("refuses an unknown schedule and a step outside the job", () => {
  expect(() => scheduleFactor({ name: "step" }, 1, 10)).toThrow('"step" is not a schedule; allowed: constant, linear, cosine');
  for (const step of [0, 11, Number.NaN])
    expect(() => scheduleFactor({ name: "linear" }, step, 10)).toThrow(`step ${step} is not within 1 and 10`);
});
