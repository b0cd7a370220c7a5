import { describe, expect, it } from "vitest";
import { optimizers } from "#core/optimizers/catalogue.js";
import type { GroupOverride } from "#core/jobs/trainingJob.js";
import { resolveOptimizer } from "#core/optimizers/resolveOptimizer.js";
import { type OptimizerDraft, validateOptimizer } from "#core/optimizers/validateOptimizer.js";
import { createParameterStore, type ParameterStore } from "../parameterStore.js";
import { tf } from "../tensorflow.js";
import { createOptimizer, type EngineOptimizer } from "./createOptimizer.js";

const shapes: Record<string, number[]> = { "layer.0.weight": [3, 4], "layer.0.bias": [3], "layer.1.weight": [2, 3], "layer.1.bias": [2] };

function start(draft: OptimizerDraft, names = Object.keys(shapes)): { optimizer: EngineOptimizer; parameters: ParameterStore } {
  const { selection, faults } = validateOptimizer(draft, "optimizer");
  expect(faults).toEqual([]);
  const parameters = createParameterStore();
  for (const name of names) {
    const shape = shapes[name] ?? [];
    const size = shape.reduce((product, axis) => product * axis, 1);
    parameters.set(
      name,
      Float32Array.from({ length: size }, (_, i) => Math.cos(i + name.length)),
      shape,
    );
  }
  return { optimizer: createOptimizer({ optimizer: resolveOptimizer(selection), parameters }), parameters };
}

const values = (parameters: ParameterStore, name: string) => Array.from(parameters.get(name).dataSync<"float32">());

/** Gradients of different sizes: a frozen one that counted would show. */
const gradientsOf = (names: readonly string[], step: number) =>
  new Map(names.map((name, index) => [name, tf.fill(shapes[name] ?? [], (index + 1) ** 2 * (step % 2 === 0 ? 0.3 : 0.1))]));

const freeze = (pattern: string): GroupOverride => ({ pattern, learningRateScale: 0 });

describe("a group with a learning_rate_scale of 0", () => {
  it.each(optimizers.map(({ name }) => name))("leaves %s as if its parameters were not there", (name) => {
    const frozen = start({ name, groups: [freeze("layer.0.*")] });
    const kept = Object.keys(shapes).filter((each) => !each.startsWith("layer.0."));
    const alone = start({ name }, kept);
    const before = values(frozen.parameters, "layer.0.weight");
    expect(frozen.optimizer.names).toEqual(kept);
    for (let step = 1; step <= 4; step++) {
      const input = { learningRate: 0.01, step, gradientScale: 1 };
      const given = gradientsOf(kept, step);
      const reports = [frozen, alone].map(({ optimizer }) => optimizer.update(given, input, given));
      expect(reports[0]).toEqual(reports[1]);
      tf.dispose([...given.values()]);
    }
    expect(values(frozen.parameters, "layer.0.weight")).toEqual(before);
    for (const each of kept) expect(values(frozen.parameters, each)).toEqual(values(alone.parameters, each));
    expect([...frozen.optimizer.state().keys()].filter((key) => key.includes("layer.0."))).toEqual([]);
    expect([...frozen.optimizer.state().keys()]).toEqual([...alone.optimizer.state().keys()]);
  });
});

describe("the ball in which sharpness-aware wrappers take the gradient", () => {
  const radius = async (draft: OptimizerDraft) => {
    const { optimizer, parameters } = start(draft);
    const before = new Map(optimizer.names.map((name) => [name, values(parameters, name)]));
    const given = gradientsOf(optimizer.names, 1);
    const input = { learningRate: 0.01, step: 1, gradientScale: 1 };
    const squares = await optimizer.atGradientPoint(given, input, () =>
      Promise.resolve(
        optimizer.names.flatMap((name) => values(parameters, name).map((value, i) => (value - (before.get(name)?.[i] ?? Number.NaN)) ** 2)),
      ),
    );
    return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
  };
  const wrappers = [{ name: "sharpness_aware", hyperparameters: { sam_rho: 0.05 } }];

  // Foret et al., 2021, arXiv:2010.01412, algorithm 1: rho g / |g| over all parameters.
  it.each(["adamw", "muon"])("is one for all parameters around %s", async (name) => {
    expect(await radius({ name, wrappers })).toBeCloseTo(0.05, 6);
  });

  it("leaves frozen parameters out", async () => {
    expect(await radius({ name: "adamw", wrappers, groups: [freeze("layer.1.*")] })).toBeCloseTo(0.05, 6);
  });
});
