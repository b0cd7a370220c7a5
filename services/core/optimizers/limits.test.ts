import { describe, expect, test } from "vitest";
import type { ProblemName } from "../../../test/goldens/optimizers/problems.js";
import { referenceRun, type RunSetting } from "../../../test/goldens/optimizers/referenceRun.js";

type Setting = Omit<RunSetting, "problem">;

/** The problems' parameters as those of a model with three layers. */
const layerNames = {
  x: "encoder.layer.0.weight",
  weight: "encoder.layer.0.weight",
  "hidden.weight": "encoder.layer.0.weight",
  "output.weight": "encoder.layer.2.weight",
};

/** Where it is evaluated after each of 40 steps under a schedule that rises and falls. */
function trajectory(setting: Setting, problem: ProblemName, first = 1): Record<string, number[]>[] {
  const run = referenceRun({ ...setting, problem, names: layerNames });
  return Array.from({ length: 40 }, (_, index) => {
    run.advance(first + index, { factor: Math.min((index + 1) / 10, (41 - index) / 31) });
    return Object.fromEntries(Object.entries(run.evaluationPoint()).map(([name, values]) => [name, [...values]]));
  });
}

/** The largest difference of an element, relative to the root mean square of how far its tensor has moved. */
function difference(ours: Record<string, number[]>[], theirs: Record<string, number[]>[]): number {
  const [first] = theirs;
  let largest = 0;
  ours.slice(1).forEach((point, index) => {
    for (const [name, values] of Object.entries(point)) {
      const other = theirs[index + 1]?.[name] ?? [];
      const moved = Math.sqrt(other.reduce((sum, value, i) => sum + (value - (first?.[name]?.[i] ?? 0)) ** 2, 0) / other.length);
      values.forEach((value, i) => (largest = Math.max(largest, Math.abs(value - (other[i] ?? Number.NaN)) / moved)));
    }
  });
  return largest;
}

const problems = ["quadratic", "logistic", "network"] as const;
const named = (optimizer: string, hyperparameters: Setting["hyperparameters"] = {}): Setting => ({ optimizer, hyperparameters });
const adamw = (hyperparameters: Setting["hyperparameters"] = {}) =>
  named("adamw", { learning_rate: 0.01, weight_decay: 0.1, ...hyperparameters });
const own = (...chain: NonNullable<Setting["chain"]>): Setting => ({ optimizer: "custom", hyperparameters: {}, chain });
const element = (name: string, hyperparameters: Record<string, unknown> = {}) => ({ name, hyperparameters });

const equal: [string, Setting, Setting][] = [
  [
    "adabound that is never bounded, without epsilon, is adam",
    named("adabound", { learning_rate: 0.01, gamma: 0, epsilon: 1e-30 }),
    named("adam", { learning_rate: 0.01, epsilon: 1e-30 }),
  ],
  [
    "lamb without decay, whose trust ratios are 1, is adamw without decay",
    named("lamb", { learning_rate: 0.01, weight_decay: 0, epsilon: 1e-6 }),
    adamw({ weight_decay: 0, epsilon: 1e-6 }),
  ],
  [
    "lookahead that goes the whole way is its base",
    named("lookahead-adamw", { learning_rate: 0.01, weight_decay: 0.1, lookahead_alpha: 1 }),
    adamw(),
  ],
  [
    "lookahead around radam that goes the whole way is radam",
    named("ranger", { learning_rate: 0.01, lookahead_alpha: 1 }),
    named("radam", { learning_rate: 0.01 }),
  ],
  ["SAM without a radius is its base", { ...adamw(), wrappers: [{ name: "sam", rho: 0 }] }, adamw()],
  ["ASAM without a radius is its base", { ...adamw(), wrappers: [{ name: "asam", rho: 0, eta: 0.01 }] }, adamw()],
  ["an average that keeps nothing is its base", { ...adamw(), wrappers: [{ name: "ema", decay: 0 }] }, adamw()],
  ["baseline is adamw", named("baseline", { learning_rate: 0.01, weight_decay: 0.1 }), adamw()],
  [
    "amsgrad under gradients that stay as they are, so that mean squares only grow, is adam",
    named("amsgrad", { learning_rate: 1e-9 }),
    named("adam", { learning_rate: 1e-9 }),
  ],
];

const closing = { final_learning_rate: 1e-3, gamma: 0.1 };
const adamElement = (rectify: boolean, bounds: boolean) =>
  element("scale_by_adam", { rectify, bounds, uncorrected_epsilon: rectify || bounds, ...(bounds && closing) });
const decay = element("add_decayed_weights", { weight_decay: 0.1 });
const ratio = element("scale_by_trust_ratio", { weight_decay: 0.1, max_trust_ratio: 1 });
const factor = element("scale_by_rectification");
const layers = element("scale_by_layer_decay", { layer_decay: 0.9 });
const rate = element("scale_by_learning_rate", { learning_rate: 0.01 });
const integrated = (without: string) =>
  named(`integrated${without && `-without-${without}`}`, { learning_rate: 0.01, weight_decay: 0.1, ...(without !== "bounds" && closing) });
const average: Pick<Setting, "wrappers"> = { wrappers: [{ name: "ema", decay: 0.98 }] };

const byHand: [string, Setting, Setting][] = [
  ["integrated", integrated(""), { ...own(adamElement(true, true), decay, ratio, factor, layers, rate), ...average }],
  ["integrated without rectify", integrated("rectify"), { ...own(adamElement(false, true), decay, ratio, layers, rate), ...average }],
  ["integrated without bounds", integrated("bounds"), { ...own(adamElement(true, false), decay, ratio, factor, layers, rate), ...average }],
  ["integrated without trust", integrated("trust"), { ...own(adamElement(true, true), decay, factor, layers, rate), ...average }],
  [
    "integrated without layer-decay",
    integrated("layer-decay"),
    { ...own(adamElement(true, true), decay, ratio, factor, rate), ...average },
  ],
  ["integrated without ema", integrated("ema"), own(adamElement(true, true), decay, ratio, factor, layers, rate)],
];

describe.each(problems)("on the problem %s", (problem) => {
  test.each(equal)("%s", (_, ours, theirs) =>
    expect(difference(trajectory(ours, problem), trajectory(theirs, problem))).toBeLessThan(1e-9),
  );
  test.each(byHand)("%s is the chain written by hand", (_, ours, theirs) =>
    expect(difference(trajectory(ours, problem), trajectory(theirs, problem))).toBeLessThan(1e-9),
  );
  test("radam tends to adam", () => {
    const [adam, radam] = [named("adam", { learning_rate: 0.01, epsilon: 1e-30 }), named("radam", { learning_rate: 0.01, epsilon: 1e-30 })];
    const gap = [100, 1_000, 10_000, 100_000].map((first) =>
      difference(trajectory(radam, problem, first), trajectory(adam, problem, first)),
    );
    expect(gap.toSorted((a, b) => b - a)).toEqual(gap);
    expect(gap[0]).toBeGreaterThan(0.01);
    expect(gap[3]).toBeLessThan(1e-6);
  });
});

test.each(byHand.slice(1))("%s is another optimizer than integrated", (_, ours) =>
  expect(difference(trajectory(ours, "logistic"), trajectory(integrated(""), "logistic"))).toBeGreaterThan(1e-4),
);
