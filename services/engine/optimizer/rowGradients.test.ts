import { describe, expect, test } from "vitest";
import { optimizers } from "#core/optimizers/catalogue.js";
import { resolveOptimizer } from "#core/optimizers/resolveOptimizer.js";
import { validateOptimizer } from "#core/optimizers/validateOptimizer.js";
import { type Gradient, RowGradient } from "../gradient.js";
import { normal } from "../layers/tapeOracle.js";
import { createParameterStore } from "../parameterStore.js";
import { tf } from "../tensorflow.js";
import { createOptimizer, type Executor } from "./createOptimizer.js";

// Rows that the pieces of the kernels cut in the middle.
const [rows, width] = [700, 18];
const name = "embeddings.word_embeddings.weight";

/** The parameters, the states and the norms after some updates. */
async function train(
  optimizerName: string,
  executor: Executor,
  form: (gradient: RowGradient) => Gradient,
): Promise<Record<string, number[]>> {
  const parameters = createParameterStore();
  const start = Float32Array.from({ length: rows * width }, (_, i) => Math.sin(i));
  parameters.set(name, start, [rows, width]);
  parameters.set("bias", Float32Array.of(1, 2, 3), [3]);
  const { selection } = validateOptimizer({ name: optimizerName }, "optimizer");
  const optimizer = createOptimizer({ optimizer: resolveOptimizer(selection), parameters, executor });
  const seen: Record<string, number[]> = {};
  const gradients = (step: number) => {
    const indices = Int32Array.from({ length: 40 }, (_, i) => (i * i * 13 + step * 101) % rows);
    const dy = normal([40, width], step);
    const table = RowGradient.of(dy, indices, rows);
    dy.dispose();
    return new Map<string, Gradient>([
      [name, form(table)],
      ["bias", tf.tensor1d([step, -1, 0.5])],
    ]);
  };
  for (let step = 1; step <= 3; step++) {
    const [first, sampled] = [gradients(step), gradients(step + 10)];
    const input = { learningRate: 0.01, step, gradientScale: 0.5 };
    if (optimizer.movesGradient)
      await optimizer.atGradientPoint(first, input, () => {
        seen[`displaced ${step}`] = Array.from(parameters.get(name).dataSync());
        return Promise.resolve();
      });
    const { updateNorm, paramNorm } = optimizer.update(first, input, sampled);
    seen[`norms ${step}`] = [updateNorm, paramNorm];
    for (const gradient of [...first.values(), ...sampled.values()]) gradient.dispose();
  }
  for (const key of parameters.names) seen[key] = Array.from(parameters.get(key).dataSync());
  for (const [key, tensor] of optimizer.state()) seen[key] = Array.from(tensor.dataSync());
  optimizer.dispose();
  parameters.dispose();
  return seen;
}

const dense = (gradient: RowGradient) => {
  const whole = gradient.dense();
  gradient.dispose();
  return whole;
};

describe.each(["native", "interpreted", "tensor"] as const)("the %s executor takes some rows of a gradient for all of it", (executor) => {
  test.each(optimizers.map((each) => each.name))("%s", async (optimizerName) => {
    const before = tf.memory().numTensors;
    const expected = await train(optimizerName, executor, dense);
    const actual = await train(optimizerName, executor, (gradient) => gradient);
    expect(Object.keys(actual)).toEqual(Object.keys(expected));
    for (const [key, values] of Object.entries(expected)) {
      const largest = (numbers: readonly number[]) => numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      // Sums over a tensor are added in another order; what is made of them may differ by rounding.
      const worst = largest(values.map((value, i) => value - (actual[key]?.[i] ?? Number.NaN)));
      expect(worst, key).toBeLessThanOrEqual((/_basis\//.test(key) ? 1e-3 : 2e-5) * largest(values));
    }
    expect(tf.memory().numTensors).toBe(before);
  });
});

test("the native executor takes more rows than a call takes arguments", () => {
  const count = 200_000;
  const parameters = createParameterStore();
  parameters.set(name, new Float32Array(count + 1), [count + 1, 1]);
  const { selection } = validateOptimizer({ name: "sgd", hyperparameters: { momentum: 0, weight_decay: 0 } }, "optimizer");
  const optimizer = createOptimizer({ optimizer: resolveOptimizer(selection), parameters, executor: "native" });
  const dy = tf.ones([count, 1]);
  const gradient = RowGradient.of(
    dy,
    Int32Array.from({ length: count }, (_, i) => i),
    count + 1,
  );
  optimizer.update(new Map<string, Gradient>([[name, gradient]]), { learningRate: 1, step: 1, gradientScale: 1 });
  const values = parameters.get(name).dataSync();
  expect([values[0], values[count - 1], values[count]]).toEqual([-1, -1, 0]);
  for (const each of [dy, gradient, optimizer, parameters]) each.dispose();
});
