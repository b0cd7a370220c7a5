import { describe, expect, it } from "vitest";
import { optimizers } from "../optimizers/catalogue.js";
import { resolveOptimizer } from "../optimizers/resolveOptimizer.js";
import { stateLayout } from "../optimizers/stateLayout.js";
import { type OptimizerDraft, validateOptimizer } from "../optimizers/validateOptimizer.js";
import { type OptimizerMemory, optimizerMemory } from "./optimizerMemory.js";

const table = { name: "bert.embeddings.word_embeddings.weight", shape: [1000, 20] };
const matrix = { name: "bert.encoder.layer.0.output.dense.weight", shape: [40, 10] };
const bias = { name: "bert.encoder.layer.0.output.dense.bias", shape: [40] };
const parameters = [table, matrix, bias];
const [ofTable, ofMatrix, all] = [20_000, 400, 20_440];

function memoryOf(draft: OptimizerDraft): OptimizerMemory {
  return optimizerMemory(resolveOptimizer(validateOptimizer(draft, "optimizer").selection), parameters);
}

const nothing: OptimizerMemory = { state: 0, moving: 0, updating: 0, besideGradient: 0, besideEvaluation: 0, drawsLabels: false };
const wrapped = (name: string) => ({ name: "adamw", wrappers: [{ name, hyperparameters: {} }] });

describe("the memory of an optimizer", () => {
  it.each<[string, OptimizerDraft, Partial<OptimizerMemory>]>([
    ["two means and nothing else", { name: "adamw" }, { state: 2 * all }],
    ["nothing", { name: "sgd", hyperparameters: { momentum: 0 } }, {}],
    ["the parameters beside a gradient", wrapped("sharpness_aware"), { state: 2 * all, besideGradient: all }],
    ["the parameters beside an average", wrapped("exponential_moving_average"), { state: 3 * all, besideEvaluation: all }],
    ["a gradient for drawn labels", { name: "sophia-g" }, { state: 2 * all, drawsLabels: true }],
    [
      "nothing for what is frozen",
      { name: "adamw", groups: [{ pattern: "*embeddings*", learningRateScale: 0 }] },
      { state: 2 * (all - ofTable) },
    ],
  ])("is %s", (_what, draft, expected) => {
    expect(memoryOf(draft)).toEqual({ ...nothing, ...expected });
  });

  it("is what a whole-tensor transform is handed for all parameters, and computes for the largest of those that it updates", () => {
    const adafactor = memoryOf({ name: "adafactor" });
    const means = 1000 + 20 + 40 + 10 + 40;
    expect(adafactor).toMatchObject({ state: means, moving: means });
    // The root mean square, and the gradient over it.
    expect(adafactor.updating).toBeGreaterThan(all + 2 * ofTable);
    expect(adafactor.updating).toBeLessThan(all + 2.2 * ofTable);
    const muon = memoryOf({ name: "muon" });
    expect(muon).toMatchObject({ state: ofMatrix + 2 * (all - ofMatrix), moving: ofMatrix });
    expect(muon.updating).toBeLessThan(ofMatrix + 5 * ofMatrix);
  });

  it.each(optimizers.map(({ name }) => name))("counts the whole state of %s, which is saved with it", (name) => {
    const resolved = resolveOptimizer(validateOptimizer({ name }, "optimizer").selection);
    const { state, besideEvaluation, moving } = optimizerMemory(resolved, parameters);
    const shapes = [...stateLayout(resolved, parameters).tensors.values()];
    expect(state + besideEvaluation).toBe(shapes.reduce((sum, shape) => sum + shape.reduce((product, axis) => product * axis, 1), 0));
    expect(moving).toBeLessThanOrEqual(state);
  });
});
