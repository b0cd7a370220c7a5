import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { optimizers } from "./catalogue.js";
import type { OptimizerEntry } from "./catalogueEntry.js";
import { use } from "./chain.js";
import { compileProgram } from "./compileProgram.js";
import { defineTransform } from "./defineTransform.js";
import { evaluateScalars } from "./evaluateScalars.js";
import { abs, add, div, greater, max, min, mul, neg, pow, select, sign, sqrt, square, sub } from "./expression.js";
import { number, positive } from "./hyperparameter.js";
import { runReference } from "./referenceExecutor.js";
import { validateOptimizer } from "./validateOptimizer.js";

const scalars = { learningRate: 0.1, step: 3, gradientScale: 1 };

/** One step from the given numbers. */
function step(
  entry: Pick<OptimizerEntry, "chain">,
  hyper: Record<string, number | boolean | string>,
  start: Record<"w" | "g", number[]>,
  states: number[][] = [],
) {
  const program = compileProgram(entry.chain, hyper);
  const tensor = {
    parameter: Float64Array.from(start.w),
    gradient: Float64Array.from(start.g),
    states: program.states.map(({ initial }, index) => Float64Array.from(states[index] ?? start.w.map(() => initial))),
    scalars: { decayed: 1 },
  };
  const norms = runReference(program, tensor, scalars);
  return {
    program,
    norms,
    parameter: [...tensor.parameter],
    states: tensor.states.map((state) => [...state]),
    gradient: [...tensor.gradient],
  };
}

const numbers = (length: number) => fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: length, maxLength: length });

describe.each(optimizers.map((entry) => [entry.name, entry] as const))("%s", (name, entry) => {
  const hyper = validateOptimizer({ name, hyperparameters: {} }, "optimizer").hyperparameters;
  const undecayed = { ...hyper, weight_decay: 0 };

  test("has as many states as its entry says", () => expect(compileProgram(entry.chain, hyper).states).toHaveLength(entry.stateSize));
  test("ends at the learning rate and declares one", () => {
    expect(entry.chainNames.at(-1)).toBe("scale_by_learning_rate");
    expect(entry.hyperparameters[0]?.name).toBe("learning_rate");
  });
  test("reads well in the catalogue", () => {
    for (const text of [entry.description, entry.formula, entry.source]) expect(text.length).toBeGreaterThan(20);
    expect(entry.description).not.toContain("\n");
    for (const { description, range } of entry.hyperparameters) expect(Math.min(description.length, range.length)).toBeGreaterThan(5);
  });
  test("does not move without a gradient, a state and decay", () =>
    fc.assert(
      fc.property(numbers(4), (w) => {
        const { parameter, norms } = step(entry, undecayed, { w, g: [0, 0, 0, 0] });
        parameter.forEach((value, i) => expect(value === w[i]).toBe(true));
        expect(norms.update).toBe(0);
      }),
    ));
  test("moves a first step against the gradient", () =>
    fc.assert(
      fc.property(numbers(4), numbers(4), (w, g) => {
        const { parameter, norms } = step(entry, undecayed, { w, g });
        parameter.forEach((value, i) => {
          const gradient = g[i] ?? 0;
          expect(Math.abs(gradient) <= 1e-6 || Math.sign(value - (w[i] ?? 0)) === -Math.sign(gradient)).toBe(true);
        });
        expect(norms.update).toBeCloseTo(Math.hypot(...parameter.map((value, i) => value - (w[i] ?? 0))), 8);
        expect(norms.parameter).toBeCloseTo(Math.hypot(...parameter), 8);
      }),
    ));
  test("never writes the gradient", () => expect(step(entry, hyper, { w: [1, 2], g: [3, -4] }).gradient).toEqual([3, -4]));
});

test("Adam's direction does not depend on the gradient's scale", () =>
  fc.assert(
    fc.property(numbers(3), fc.double({ min: 1e-2, max: 1e3, noNaN: true }), (g, scale) => {
      const adam = optimizers.filter(({ name }) => name === "adam")[0];
      const hyper = { learning_rate: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-30, weight_decay: 0 };
      const run = (factor: number) =>
        step(adam ?? { chain: [] }, hyper, { w: [0, 0, 0], g: g.map((value) => (Math.abs(value) < 1e-9 ? 0 : value * factor)) });
      run(scale).parameter.forEach((value, i) => expect(value).toBeCloseTo(run(1).parameter[i] ?? Number.NaN, 9));
    }),
  ));

describe("compileProgram", () => {
  const everything = defineTransform({
    name: "everything",
    hyperparameters: { epsilon: number(0.5, positive, "Any positive number.") },
    state: () => ({ s: 1, old: 0 }),
    update: ({ update: g, parameter: w, state: { s, old }, hyper: { epsilon }, step }) => ({
      update: add(
        select(greater(w, g), div(2, add(square(s), epsilon)), neg(abs(sub(g, 3)))),
        sub(mul(max(w, 0.25), min(g, s)), div(sign(sub(1, w)), pow(2, step))),
      ),
      state: { s: sqrt(add(square(g), square(old))), old: g },
    }),
  });

  test("means the formula, whatever it is made of", () =>
    fc.assert(
      fc.property(numbers(3), numbers(3), numbers(3), numbers(3), (w, g, s, old) => {
        const { parameter, states } = step({ chain: [use(everything)] }, { epsilon: 0.5 }, { w, g }, [s, old]);
        w.forEach((weight, i) => {
          const [gradient = 0, state = 0, before = 0] = [g[i], s[i], old[i]];
          const chosen = weight > gradient ? 2 / (state ** 2 + 0.5) : -Math.abs(gradient - 3);
          const update = chosen + (Math.max(weight, 0.25) * Math.min(gradient, state) - Math.sign(1 - weight) / 8);
          expect(parameter[i]).toBeCloseTo(weight + update, 9);
          expect(states[0]?.[i]).toBeCloseTo(Math.hypot(gradient, before), 9);
          expect(states[1]?.[i]).toBeCloseTo(gradient, 12);
        });
      }),
    ));

  test("runs AdamW in ten instructions and one temporary", () => {
    const { program } = step(
      optimizers[1] ?? { chain: [] },
      validateOptimizer({ name: "adamw", hyperparameters: {} }, "").hyperparameters,
      { w: [1], g: [1] },
    );
    expect(program.instructions).toHaveLength(10);
    expect(program.temporaries).toBe(1);
  });

  test("is the same for all parameter groups; the scalars differ", () => {
    const { program } = step(
      optimizers[1] ?? { chain: [] },
      validateOptimizer({ name: "adamw", hyperparameters: {} }, "").hyperparameters,
      { w: [1], g: [1] },
    );
    const [decayed, kept] = [1, 0].map((mask) => evaluateScalars(program, scalars, { decayed: mask }));
    expect(decayed).toContain(0.01);
    expect(kept).not.toContain(0.01);
  });

  test("refuses a chain with the same transform's state twice", () =>
    expect(() => compileProgram([use(everything), use(everything)], { epsilon: 1 })).toThrow('a chain has "everything" twice'));
});
