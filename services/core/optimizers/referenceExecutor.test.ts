import { describe, expect, test } from "vitest";
import { goldens, gradient, type Point, shapeOf, start } from "../../../test/goldens/optimizers/problems.js";
import { findOptimizer } from "./catalogue.js";
import { compileProgram } from "./compileProgram.js";
import { isDecayed } from "./decayMask.js";
import { runReference } from "./referenceExecutor.js";
import { validateOptimizer } from "./validateOptimizer.js";

/** Runs an optimizer on a golden problem and returns the parameters after each step. */
function trajectory(run: (typeof goldens.runs)[number], steps: number): Point[] {
  const entry = findOptimizer(run.optimizer);
  const { faults, hyperparameters } = validateOptimizer({ name: run.optimizer, hyperparameters: run.hyperparameters }, "optimizer");
  if (!entry || faults.length > 0) throw new Error(`cannot run ${run.optimizer}: ${JSON.stringify(faults)}`);
  const program = compileProgram(entry.chain, hyperparameters);
  const point = start(run.problem);
  const states = new Map(
    Object.entries(point).map(([name, values]) => [
      name,
      program.states.map(({ initial }) => new Float64Array(values.length).fill(initial)),
    ]),
  );
  return Array.from({ length: steps }, (_, index) => {
    const gradients = gradient(run.problem, point);
    for (const [name, parameter] of Object.entries(point)) {
      const scalars = { decayed: isDecayed(name, shapeOf(name, parameter)) ? 1 : 0 };
      const tensor = { parameter, gradient: gradients[name] ?? new Float64Array(), states: states.get(name) ?? [], scalars };
      runReference(program, tensor, { learningRate: Number(hyperparameters["learning_rate"]), step: index + 1, gradientScale: 1 });
    }
    return Object.fromEntries(Object.entries(point).map(([name, values]) => [name, Float64Array.from(values)]));
  });
}

describe(`the float64 reference equals torch ${goldens.versions["torch"]} within 1e-9`, () => {
  test.each(goldens.runs.map((run) => [run.optimizer, JSON.stringify(run.hyperparameters), run.problem, run] as const))(
    "%s %s on %s",
    (_optimizer, _hyperparameters, _problem, run) => {
      const points = trajectory(run, 100);
      for (const [step, sample] of Object.entries(run.samples))
        for (const [name, expected] of Object.entries(sample)) {
          const actual = points[Number(step) - 1]?.[name] ?? new Float64Array();
          const scale = Math.sqrt(expected.reduce((sum, value) => sum + value * value, 0) / expected.length);
          expect(actual.length).toBe(expected.length);
          expected.forEach((value, i) =>
            expect(Math.abs((actual[i] ?? Number.NaN) - value), `${name}[${i}] after ${step} steps`).toBeLessThanOrEqual(1e-9 * scale),
          );
        }
    },
  );
});
