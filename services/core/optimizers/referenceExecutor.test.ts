import { describe, expect, test } from "vitest";
import { goldens } from "../../../test/goldens/optimizers/problems.js";
import { referenceRun, withOracleDefaults } from "../../../test/goldens/optimizers/referenceRun.js";
import { optimizers } from "./catalogue.js";

/** The largest difference, relative to the root mean square of what is expected. */
function difference(actual: Float64Array, expected: readonly number[]): number {
  const scale = Math.sqrt(expected.reduce((sum, value) => sum + value * value, 0) / expected.length);
  return Math.max(...expected.map((value, i) => Math.abs((actual[i] ?? Number.NaN) - value))) / scale;
}

describe("the float64 reference equals its oracle", () => {
  const cases = goldens.runs.map((run) => {
    const wrapped = (run.wrappers ?? []).map(({ name }) => ` in ${name}`).join("");
    const grouped = (run.learningRateScales ? " in groups" : "") + (run.scheduled ? " under a schedule" : "");
    return [`${run.optimizer}${wrapped}${grouped} ${JSON.stringify(run.hyperparameters)} on ${run.problem}: ${run.oracle}`, run] as const;
  });
  test.each(cases)("%s", (_name, run) => {
    const reference = referenceRun(withOracleDefaults(run));
    for (let step = 1; step <= 100; step++) {
      reference.advance(step);
      for (const [name, expected] of Object.entries(run.samples[step] ?? {}))
        expect(difference(reference.point[name] ?? new Float64Array(), expected), `${name} after ${step} steps`).toBeLessThanOrEqual(
          run.tolerance,
        );
      for (const [name, expected] of Object.entries(run.evaluation?.[step] ?? {}))
        expect(
          difference(reference.evaluationPoint()[name] ?? new Float64Array(), expected),
          `${name} to evaluate after ${step} steps`,
        ).toBeLessThanOrEqual(run.tolerance);
    }
  });

  test.each([
    ["at a constant learning rate", undefined],
    ["under a schedule", true],
  ])("for every optimizer of the catalogue %s", (_name, scheduled) => {
    const held = new Set(goldens.runs.filter((run) => run.scheduled === scheduled).map(({ optimizer }) => optimizer));
    expect(optimizers.filter(({ name }) => !held.has(name))).toEqual([]);
  });
});
