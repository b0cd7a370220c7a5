import { describe, expect, it } from "vitest";
import { type OptimizerDraft, validateOptimizer } from "./validateOptimizer.js";
import { resolveOptimizer } from "./resolveOptimizer.js";
import { layoutDifferences, type StateLayout, stateLayout } from "./stateLayout.js";

const names = Array.from({ length: 105 }, (_, index) => `layer.${index}.weight`);
const parameters = names.map((name) => ({ name, shape: [4, 3] }));
const layoutOf = (draft: OptimizerDraft, of = parameters) => {
  const { faults, selection } = validateOptimizer(draft, "optimizer");
  expect(faults).toEqual([]);
  return stateLayout(resolveOptimizer(selection), of);
};
const layout = (tensors: Record<string, number[]>, scalars: string[] = []): StateLayout => ({
  tensors: new Map(Object.entries(tensors)),
  scalars: new Set(scalars),
});

describe("the layout of an optimizer's state", () => {
  it("names states by element, state and parameter", () => {
    const { tensors, scalars } = layoutOf({ name: "adamw" }, [{ name: "bias", shape: [3] }]);
    expect([...tensors]).toEqual([
      ["scale_by_adam.m/bias", [3]],
      ["scale_by_adam.v/bias", [3]],
    ]);
    expect([...scalars]).toEqual([]);
  });

  it("has the parameters themselves where the model is evaluated beside them", () => {
    const wrapped = layoutOf({
      name: "sgd",
      hyperparameters: { momentum: 0 },
      wrappers: [{ name: "exponential_moving_average", hyperparameters: {} }],
    });
    expect([...wrapped.tensors.keys()].slice(0, 2)).toEqual([
      "exponential_moving_average.average/layer.0.weight",
      "parameters/layer.0.weight",
    ]);
    expect(
      layoutOf({ name: "adamw", wrappers: [{ name: "lookahead", hyperparameters: {} }] }).tensors.has("parameters/layer.0.weight"),
    ).toBe(false);
  });

  it("leaves out what hyperparameters switch off", () =>
    expect(layoutOf({ name: "sgd", hyperparameters: { momentum: 0 } }).tensors.size).toBe(0));
});

describe("the differences of two layouts", () => {
  it("are none where everything fits", () =>
    expect(layoutDifferences(layoutOf({ name: "adam" }), layoutOf({ name: "adamw" }))).toEqual([]));

  it("are one sentence for each state, however many parameters it has", () => {
    expect(layoutDifferences(layoutOf({ name: "adamw" }), layoutOf({ name: "lion" }))).toEqual([
      'the state "scale_by_adam.m" is missing for 105 parameters, e.g. "layer.0.weight"',
      'the state "scale_by_adam.v" is missing for 105 parameters, e.g. "layer.0.weight"',
      'the state "scale_by_lion.m" is surplus for 105 parameters, e.g. "layer.0.weight"',
    ]);
  });

  it("tell numbers, shapes and single parameters apart", () => {
    const wanted = layout({ "a.m/x": [2, 3], "a.m/y": [4], "parameters/x": [2, 3] }, ["a.d", "a.r/x", "a.r/y"]);
    const kept = layout({ "a.m/x": [3, 2], "a.m/z": [4], "a.m/y": [4] }, ["b.d"]);
    expect(layoutDifferences(wanted, kept)).toEqual([
      'the parameter beside its point of evaluation is missing for the parameter "x"',
      'the number "a.d" is missing',
      'the number "a.r" is missing for 2 parameters, e.g. "x"',
      'the state "a.m" is surplus for the parameter "z"',
      'the number "b.d" is surplus',
      'the state "a.m" has another shape for the parameter "x": [3, 2] instead of [2, 3]',
    ]);
  });

  it("are of bounded length, whatever a file says", () => {
    const hostile = Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [`${"x".repeat(3000)}${index}/${"y".repeat(3000)}`, [1]]),
    );
    const sentences = layoutDifferences(layout({ "a.m/x": [1] }), layout({ ...hostile, "a.m/x": Array.from({ length: 1000 }, () => 1) }));
    expect(sentences).toHaveLength(13);
    expect(sentences.at(-1)).toBe("and 4989 more differences");
    expect(sentences.join("").length).toBeLessThan(5000);
  });
});
