import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { describe, expect, test } from "vitest";
import { optimizers } from "#core/optimizers/catalogue.js";
import { resolveOptimizer } from "#core/optimizers/resolveOptimizer.js";
import { validateOptimizer } from "#core/optimizers/validateOptimizer.js";
import { createParameterStore, type ParameterStore } from "../parameterStore.js";
import { tf } from "../tensorflow.js";
import { createOptimizer, type EngineOptimizer } from "./createOptimizer.js";

const size = 20_000;

function store(): ParameterStore {
  const parameters = createParameterStore();
  parameters.set(
    "dense.weight",
    Float32Array.from({ length: size }, (_, i) => Math.sin(i)),
    [size / 100, 100],
  );
  parameters.set("dense.bias", Float32Array.of(0.5, -0.25, 0.125), [3]);
  return parameters;
}

function gradients(scale = 1): Map<string, Tensor> {
  const weight = Float32Array.from({ length: size }, (_, i) => scale * Math.cos(i));
  return new Map<string, Tensor>([
    ["dense.weight", tf.tensor2d(weight, [size / 100, 100])],
    ["dense.bias", tf.tensor1d([scale, 0, -scale])],
  ]);
}

const defaults = (name: string, given: Record<string, unknown> = {}) =>
  resolveOptimizer(validateOptimizer({ name, hyperparameters: given }, "optimizer").selection);
const values = (tensors: Iterable<Tensor>) => [...tensors].map((tensor) => [...tensor.dataSync<"float32">()]);

/** Three steps; what the parameters and states became. */
function threeSteps(name: string, executor: "native" | "tensor", gradient: { scale: number; gradientScale: number }) {
  const parameters = store();
  const given = gradients(gradient.scale);
  const sampled = gradients(1);
  const optimizer = createOptimizer({ optimizer: defaults(name), parameters, executor });
  const norms = [1, 2, 3].map((step) =>
    optimizer.update(given, { learningRate: 0.01, step, gradientScale: gradient.gradientScale }, sampled),
  );
  const result = {
    norms,
    parameters: values(parameters.names.map((parameter) => parameters.get(parameter))),
    states: values(optimizer.state().values()),
  };
  tf.dispose([...sampled.values()]);
  release(optimizer, parameters, given);
  return result;
}

function release(optimizer: EngineOptimizer, parameters: ParameterStore, given: Map<string, Tensor>): void {
  optimizer.dispose();
  parameters.dispose();
  tf.dispose([...given.values()]);
}

describe.each(["native", "tensor"] as const)("an optimizer on the %s executor", (executor) => {
  test.each(optimizers.map(({ name }) => name))("%s repeats bit for bit and leaves no tensor behind", (name) => {
    const before = tf.memory().numTensors;
    const first = threeSteps(name, executor, { scale: 1, gradientScale: 1 });
    expect(threeSteps(name, executor, { scale: 1, gradientScale: 1 })).toEqual(first);
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each(optimizers.map(({ name }) => name))("%s multiplies gradients by the clipping factor", (name) =>
    expect(threeSteps(name, executor, { scale: 1, gradientScale: 0.5 })).toEqual(
      threeSteps(name, executor, { scale: 0.5, gradientScale: 1 }),
    ),
  );

  test("keeps as many tensors from step to step", () => {
    const parameters = store();
    const given = gradients();
    const optimizer = createOptimizer({ optimizer: defaults("adamw"), parameters, executor });
    const counts = [1, 2, 3].map((step) => {
      optimizer.update(given, { learningRate: 0.01, step, gradientScale: 1 });
      return tf.memory().numTensors;
    });
    expect(new Set(counts).size).toBe(1);
    release(optimizer, parameters, given);
  });

  test("decays weights and not biases", () => {
    const parameters = store();
    const bias = values([parameters.get("dense.bias")]);
    const [weight = []] = values([parameters.get("dense.weight")]);
    const given = gradients(0);
    const optimizer = createOptimizer({ optimizer: defaults("adamw", { weight_decay: 0.5 }), parameters, executor });
    optimizer.update(given, { learningRate: 0.5, step: 1, gradientScale: 1 });
    expect(values([parameters.get("dense.bias")])).toEqual(bias);
    const [decayed = []] = values([parameters.get("dense.weight")]);
    decayed.forEach((value, i) => expect(value).toBeCloseTo(0.75 * (weight[i] ?? 0), 6));
    release(optimizer, parameters, given);
  });

  test("reports the norms of the change and of the parameters after it", () => {
    const parameters = store();
    const given = gradients();
    const all = () => values(parameters.names.map((name) => parameters.get(name))).flat();
    const before = all();
    const optimizer = createOptimizer({ optimizer: defaults("sgd", { momentum: 0 }), parameters, executor });
    const { updateNorm, paramNorm } = optimizer.update(given, { learningRate: 0.5, step: 1, gradientScale: 1 });
    const after = all();
    expect(updateNorm).toBeCloseTo(Math.sqrt(after.reduce((sum, value, i) => sum + (value - (before[i] ?? 0)) ** 2, 0)), 3);
    expect(paramNorm).toBeCloseTo(Math.sqrt(after.reduce((sum, value) => sum + value ** 2, 0)), 3);
    release(optimizer, parameters, given);
  });

  test("names a parameter without a gradient", () => {
    const parameters = store();
    const optimizer = createOptimizer({ optimizer: defaults("sgd"), parameters, executor });
    expect(() => optimizer.update(new Map(), { learningRate: 0.1, step: 1, gradientScale: 1 })).toThrow(
      'the parameter "dense.weight" has no gradient',
    );
    release(optimizer, parameters, new Map());
  });
});

test("names the states by transform, state and parameter", () => {
  const parameters = store();
  const optimizer = createOptimizer({ optimizer: defaults("adam"), parameters });
  expect([...optimizer.state().keys()]).toEqual([
    "scale_by_adam.m/dense.weight",
    "scale_by_adam.v/dense.weight",
    "scale_by_adam.m/dense.bias",
    "scale_by_adam.v/dense.bias",
  ]);
  release(optimizer, parameters, new Map());
});

test("updates parameters in place on the native executor", () => {
  const parameters = store();
  const given = gradients();
  const tensor = parameters.get("dense.weight");
  const optimizer = createOptimizer({ optimizer: defaults("sgd"), parameters, executor: "native" });
  const before = values([tensor]);
  optimizer.update(given, { learningRate: 0.1, step: 1, gradientScale: 1 });
  expect(parameters.get("dense.weight")).toBe(tensor);
  expect(values([tensor])).not.toEqual(before);
  release(optimizer, parameters, given);
});
