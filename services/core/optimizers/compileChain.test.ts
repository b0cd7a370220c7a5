import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { optimizers } from "./catalogue.js";
import type { OptimizerEntry } from "./catalogueEntry.js";
import { use } from "./chain.js";
import { compileChain } from "./compileChain.js";
import { defineTransform } from "./defineTransform.js";
import { elements } from "./elements.js";
import * as e from "./expression.js";
import { number, positive } from "./hyperparameter.js";
import type { Stage } from "./program.js";
import { referenceOptimizer } from "./referenceExecutor.js";
import { resolveOptimizer } from "./resolveOptimizer.js";
import { initialMemory } from "./runChain.js";
import { validateOptimizer } from "./validateOptimizer.js";

const scalars = { learningRate: 0.1, baseLearningRate: 0.2, step: 3, gradientScale: 1 };
const tensorScalars = (size: number) => ({ decayed: 1, size, layersAbove: 2, learningRateScale: 1 });

/** One step from the given numbers. */
function step(
  entry: Pick<OptimizerEntry, "chain">,
  hyper: Record<string, number | boolean | string>,
  start: { w: number[]; g: number[]; at?: number },
  states: number[][] = [],
) {
  const chain = compileChain(entry.chain, hyper);
  const values = Float64Array.from(start.w);
  const optimizer = referenceOptimizer(chain, [{ name: "w", shape: [values.length], values, scalars: tensorScalars(values.length) }]);
  const kept = [...optimizer.states.values()];
  states.forEach((state, index) => kept[index]?.set(state));
  const gradient = Float64Array.from(start.g);
  const report = optimizer.update({ w: gradient }, { ...scalars, step: start.at ?? scalars.step });
  return { chain, report, parameter: [...values], states: kept.map((state) => [...state]), gradient: [...gradient] };
}

/** The stages of a chain at some step. */
function stages(entry: Pick<OptimizerEntry, "chain">, hyper: Record<string, number | boolean | string>, at = 3): readonly Stage[] {
  const chain = compileChain(entry.chain, hyper);
  const environment = {
    step: { ...scalars, step: at, totalSize: 1 },
    tensors: [tensorScalars(1)],
    remembered: initialMemory(chain, 1),
    reductions: new Map<string, number>(),
  };
  return chain.segments.flatMap((segment) => (segment.kind === "program" ? segment.program(environment).stages : []));
}

const numbers = (length: number) => fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: length, maxLength: length });
const defaults = (name: string) => validateOptimizer({ name }, "optimizer").selection.hyperparameters;
const entryOf = (name: string) => optimizers.find((each) => each.name === name) ?? expect.fail(`there is no ${name}`);

describe("compileChain", () => {
  const everything = defineTransform({
    name: "everything",
    description: "All operators in one formula.",
    hyperparameters: { epsilon: number(0.5, positive, "Any positive number.") },
    state: () => ({ s: 1, old: 0 }),
    update: ({ update: g, parameter: w, state: { s, old }, hyper: { epsilon } }) => ({
      update: e.add(
        e.select(e.greater(w, g), e.div(2, e.add(e.square(s), epsilon)), e.neg(e.abs(e.sub(g, 3)))),
        e.sub(e.mul(e.max(w, 0.25), e.min(g, s)), e.div(e.sign(e.sub(1, w)), e.pow(2, e.step))),
      ),
      state: { s: e.sqrt(e.add(e.square(g), e.square(old))), old: g },
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

  test("runs AdamW in one stage of ten instructions and one temporary", () => {
    const [stage, ...more] = stages(entryOf("adamw"), defaults("adamw"));
    expect(more).toEqual([]);
    expect(stage?.instructions).toHaveLength(10);
    expect(stage?.temporaries).toBe(1);
  });

  const byNorm = defineTransform({
    name: "by_norm",
    description: "The mean of gradients over its norm, and the state's old value.",
    hyperparameters: {},
    state: () => ({ m: 0, old: 0 }),
    remembered: () => ({ count: { initial: 0, scope: "step" }, last: { initial: 1, scope: "tensor" } }),
    update({ update: g, state: { m, old }, remembered: { count, last } }) {
      const mean = e.lerp(g, m, 0.5);
      const length = e.norm(mean);
      return {
        update: e.add(e.div(mean, length), e.mul(last, old)),
        state: { m: mean, old: m },
        remembered: { count: e.add(count, 1), last: length },
        report: { length_max: { value: length, over: "max" } },
      };
    },
  });

  test("ends a stage where a norm is needed, and computes again from what the first stage wrote", () => {
    const normalized = defineTransform({
      name: "normalized",
      description: "The mean of gradients over its norm.",
      hyperparameters: {},
      state: () => ({ m: 0 }),
      update({ update: g, state: { m } }) {
        const mean = e.lerp(g, m, 0.5);
        return { update: e.div(mean, e.norm(mean)), state: { m: mean } };
      },
    });
    const [first, second, ...more] = stages({ chain: [use(normalized)] }, {});
    expect(more).toEqual([]);
    expect([first?.streams.toSorted(), first?.written]).toEqual([["gradient", "normalized.m"], ["normalized.m"]]);
    expect([second?.streams.toSorted(), second?.written]).toEqual([["normalized.m", "parameter"], ["parameter"]]);
  });

  test("keeps what a later stage needs until then, and remembers scalars from step to step", () =>
    fc.assert(
      fc.property(numbers(3), numbers(3), numbers(3), numbers(3), (w, g, m, old) => {
        fc.pre(Math.hypot(...g.map((value, i) => (value + (m[i] ?? 0)) / 2)) > 1e-3);
        const { parameter, states, report } = step({ chain: [use(byNorm)] }, {}, { w, g }, [m, old]);
        const mean = g.map((value, i) => (value + (m[i] ?? 0)) / 2);
        const length = Math.hypot(...mean);
        expect(report.scalars["length_max"]).toBeCloseTo(length, 9);
        w.forEach((weight, i) => {
          expect(parameter[i]).toBeCloseTo(weight + (mean[i] ?? 0) / length + (old[i] ?? 0), 8);
          expect(states[0]?.[i]).toBeCloseTo(mean[i] ?? 0, 12);
          expect(states[1]?.[i]).toBe(m[i]);
        });
      }),
    ));

  const everyOther = defineTransform({
    name: "every_other",
    description: "Different formulas at odd and even steps.",
    hyperparameters: {},
    state: () => ({ kept: 0 }),
    update: ({ update: g, state: { kept } }) => ({
      update: e.select(e.mod(e.step, 2), g, e.mul(g, e.abs(kept))),
      state: { kept: e.select(e.mod(e.step, 2), kept, g) },
    }),
  });

  test("has a program for each outcome of a condition on the step, and computes only that side", () => {
    const entry = { chain: [use(everyOther)] };
    const streams = (at: number) => stages(entry, {}, at).flatMap((stage) => stage.streams);
    expect(streams(1)).not.toContain("every_other.kept");
    expect(streams(2)).toContain("every_other.kept");
    expect(step(entry, {}, { w: [1], g: [2], at: 1 }, [[5]])).toMatchObject({ parameter: [3], states: [[5]] });
    expect(step(entry, {}, { w: [1], g: [2], at: 2 }, [[5]])).toMatchObject({ parameter: [11], states: [[2]] });
  });

  test("numbers the second of two equal elements", () =>
    expect(compileChain([use(everything), use(everything)], { epsilon: 1 }).states.map(({ key }) => key)).toEqual([
      "everything.s",
      "everything.old",
      "everything_2.s",
      "everything_2.old",
    ]));
});

describe("a chain of one element 31 times", () => {
  const repeated = elements
    .filter(({ kind }) => kind !== "wrapper")
    .map((element) => {
      const draft = [
        ...Array.from({ length: 31 }, () => ({ name: element.name, hyperparameters: {} })),
        { name: "scale_by_learning_rate", hyperparameters: {} },
      ];
      return { name: element.name, ...validateOptimizer({ name: "", chain: draft }, "optimizer") };
    })
    .filter(({ faults }) => faults.length === 0);

  // As trees the formulas of such a chain have up to 2^31 parts and more: whoever walks along all of them does not end.
  test.each(repeated)("$name compiles to a program that the kernel can run", ({ selection }) => {
    const { chain, hyperparameters } = resolveOptimizer(selection);
    for (const stage of stages({ chain }, hyperparameters)) {
      expect(stage.streams.length + stage.temporaries).toBeLessThanOrEqual(512);
      expect(stage.reductions.length).toBeLessThanOrEqual(256);
    }
  });

  test("is tried with most elements", () => expect(repeated.length).toBeGreaterThan(30));
});

test("32 lookaheads around each other compile", () => {
  const wrappers = Array.from({ length: 32 }, () => ({ name: "lookahead", hyperparameters: { lookahead_steps: 1 } }));
  const { faults, selection } = validateOptimizer({ name: "sgd", wrappers }, "optimizer");
  expect(faults).toEqual([]);
  const { chain, hyperparameters } = resolveOptimizer(selection);
  expect(stages({ chain }, hyperparameters)[0]?.streams).toHaveLength(35);
});
