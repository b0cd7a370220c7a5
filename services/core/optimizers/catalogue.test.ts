import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findOptimizer, optimizers } from "./catalogue.js";
import { compileChain } from "./compileChain.js";
import { parameterGroups } from "./parameterGroups.js";
import { partitionParameters } from "./partitionParameters.js";
import { referenceOptimizer } from "./referenceExecutor.js";
import { validateOptimizer } from "./validateOptimizer.js";

const numbers = (length: number) => fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: length, maxLength: length });

/** Steps from a matrix with these six elements, under constant gradients. */
function run(name: string, given: Record<string, unknown>, start: { w: number[]; g: number[] }, steps = 1) {
  const entry = optimizers.find((each) => each.name === name) ?? expect.fail(`there is no ${name}`);
  const { faults, selection } = validateOptimizer({ name, hyperparameters: given }, "optimizer");
  const { hyperparameters } = selection;
  expect(faults).toEqual([]);
  const parameter = { name: "layer.0.weight", shape: [2, 3], values: Float64Array.from(start.w) };
  const [scalars] = parameterGroups([parameter]);
  if (!scalars) expect.fail("the parameter is in no group");
  const [partition] = partitionParameters(entry, [{ ...parameter, scalars }]);
  const chain = compileChain(partition?.chain ?? [], hyperparameters);
  const optimizer = referenceOptimizer(chain, partition?.parameters ?? []);
  const gradient = Float64Array.from(start.g);
  const learningRate = Number(hyperparameters["learning_rate"]);
  const reports = Array.from({ length: steps }, (_, index) =>
    optimizer.update(
      { [parameter.name]: gradient },
      { learningRate, baseLearningRate: learningRate, step: index + 1, gradientScale: 1 },
      {
        [parameter.name]: gradient,
      },
    ),
  );
  return { parameter: [...parameter.values], gradient: [...gradient], reports, entry, hyperparameters };
}

describe.each(optimizers.map((entry) => [entry.name, entry] as const))("%s", (name, entry) => {
  const names = ["weight_decay", "lambd", "initial_accumulator"];
  const undecayed = Object.fromEntries(entry.hyperparameters.flatMap((each) => (names.includes(each.name) ? [[each.name, 0]] : [])));

  test("declares a learning rate first", () => expect(entry.hyperparameters[0]?.name).toBe("learning_rate"));
  test("reads well in the catalogue", () => {
    for (const text of [entry.description, entry.formula, entry.source]) expect(text.length).toBeGreaterThan(20);
    expect(entry.description).not.toContain("\n");
    for (const { description, range } of entry.hyperparameters) expect(Math.min(description.length, range.length)).toBeGreaterThan(5);
  });
  test("does not move without a gradient, a state and decay", () =>
    fc.assert(
      fc.property(numbers(6), (w) => {
        const { parameter, reports } = run(name, undecayed, { w, g: [0, 0, 0, 0, 0, 0] }, 3);
        expect(parameter.every((value, i) => value === w[i])).toBe(true);
        for (const { updateNorm } of reports) expect(updateNorm).toBe(0);
      }),
      { numRuns: 20 },
    ));
  test("moves against a constant gradient, and reports how far", () =>
    fc.assert(
      fc.property(numbers(6), numbers(6), (w, g) => {
        fc.pre(Math.hypot(...g) > 1e-2);
        const { parameter, reports } = run(name, undecayed, { w, g }, 3);
        const moved = parameter.map((value, i) => value - (w[i] ?? 0));
        expect(moved.reduce((sum, value, i) => sum + value * (g[i] ?? 0), 0)).toBeLessThan(0);
        expect(reports.at(-1)?.paramNorm).toBeCloseTo(Math.hypot(...parameter), 8);
        for (const { scalars } of reports) for (const value of Object.values(scalars)) expect(Number.isFinite(value)).toBe(true);
      }),
      { numRuns: 20 },
    ));
  test("stays finite under huge and tiny gradients", () => {
    for (const size of [1e-30, 1e-15, 1e15, 1e30]) {
      const { parameter } = run(name, {}, { w: [1, -2, 3, -4, 5, -6], g: [1, -1, 0.5, -0.25, 2, 0].map((value) => value * size) }, 3);
      expect(
        parameter.every((value) => Number.isFinite(value)),
        `gradients of ${size}`,
      ).toBe(true);
    }
  });
  test("never writes the gradient", () =>
    expect(run(name, {}, { w: [1, 2, 3, 4, 5, 6], g: [3, -4, 1, 2, 0, 1] }).gradient).toEqual([3, -4, 1, 2, 0, 1]));
});

test.each([
  ["rectify", "scale_by_rectification"],
  ["trust", "scale_by_trust_ratio"],
  ["layer-decay", "scale_by_layer_decay"],
  ["ema", "exponential_moving_average"],
])("integrated without %s is listed without %s, and without the hyperparameter", (ablation, element) => {
  const whole = findOptimizer("integrated");
  const without = findOptimizer(`integrated-without-${ablation}`);
  expect(whole?.chainNames).toContain(element);
  expect(without?.chainNames).toEqual(whole?.chainNames.filter((name) => name !== element));
  expect(without?.hyperparameters).toHaveLength((whole?.hyperparameters.length ?? 0) - 1);
  expect(without?.description).toMatch(/^integrated with \w+ \S+ instead of \S+, which shows what that part is worth\.$/);
});

test("Adam's direction does not depend on the gradient's scale", () =>
  fc.assert(
    fc.property(numbers(6), fc.double({ min: 1e-2, max: 1e3, noNaN: true }), (g, scale) => {
      const given = { learning_rate: 1, epsilon: 1e-30 };
      const from = (factor: number) =>
        run("adam", given, { w: [0, 0, 0, 0, 0, 0], g: g.map((value) => (Math.abs(value) < 1e-9 ? 0 : value * factor)) }).parameter;
      from(scale).forEach((value, i) => expect(value).toBeCloseTo(from(1)[i] ?? Number.NaN, 9));
    }),
  ));
