import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { beforeAll, describe, expect, it } from "vitest";
import { loadKernels } from "../kernels.js";
import { runOpOutputs, tf } from "../tensorflow.js";
import * as biasGelu from "./biasGelu.js";
import { both, expectClose, normal, numbers, paths, tape } from "./tapeOracle.js";

beforeAll(() => expect(loadKernels()).toEqual({ available: true }));

const gptTwo = (z: Tensor) =>
  tf.mul(tf.mul(0.5, z), tf.add(1, tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), tf.add(z, tf.mul(0.044715, tf.pow(z, 3)))))));

describe.each(paths)("bias and GELU by tanh on the %s", (_path, on) => {
  it("has the tape's output and gradients", () => {
    const [x, bias, dy] = [normal([37, 9], 1), normal([9], 2), normal([37, 9], 3)] as const;
    const expected = tape((a, b) => gptTwo(tf.add(a, b)), [x, bias], dy);
    const { y, saved } = on(() => biasGelu.forward(x, bias, "tanh"));
    const { dx, dBias } = biasGelu.backward(dy, saved);
    expectClose(y, expected.y);
    expectClose(dx, expected.gradients[0]);
    expectClose(dBias, expected.gradients[1]);
  });

  it("is not GELU by erf", () => {
    const x = tf.tensor2d([[2]]);
    const [tanh, none] = (["tanh", "none"] as const).map((approximation) => on(() => biasGelu.forward(x, tf.zeros([1]), approximation).y));
    // The two formulas with the math module of Python.
    expectClose(tanh as Tensor, tf.tensor2d([[1.954597694087775]]), 1e-6);
    expectClose(none as Tensor, tf.tensor2d([[1.9544997361036416]]), 1e-6);
  });

  it.each(["tanh", "none"] as const)("leaves no tensor behind (%s)", (approximation) => {
    const [x, bias] = [normal([3, 4], 1), normal([4], 2)];
    const before = tf.memory().numTensors;
    const { y, saved } = on(() => biasGelu.forward(x, bias, approximation));
    const { dx, dBias } = biasGelu.backward(x, saved);
    tf.dispose([y, dx, dBias]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("the kernel of bias and GELU", () => {
  it("keeps far and odd values, as its twin does", () => {
    const x = tf.tensor2d([[-1e6, -100, -20, -6, -1e-20, 0, 1e-20, 6, 20, 100, 1e6, Number.NaN, Number.POSITIVE_INFINITY]]);
    const [kernel, twin] = both(() => biasGelu.forward(x, tf.zeros([13]), "tanh"));
    const [down, twinDown] = [kernel, twin].map(({ saved }) => numbers(biasGelu.backward(tf.ones([1, 13]), saved).dx));
    for (const [actual, expected] of [
      [numbers(kernel.y), numbers(twin.y)],
      [down, twinDown],
    ]) {
      expected?.forEach((value, index) => {
        if (Number.isFinite(value))
          expect(Math.abs((actual?.[index] ?? 0) - value)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)));
        else expect(actual?.[index]).toBe(value);
      });
    }
  });

  it.each([
    ["StepwireBiasGelu", 1, [[2, 3], [2]], "bias has shape [2]; it must be [3]"],
    ["StepwireBiasGeluGrad", 2, [[2, 3], [2, 2], [3]], "x has shape [2, 2]; it must be [2, 3]"],
  ] as const)("%s with %d outputs refuses %j", (name, outputs, shapes, message) => {
    const inputs = shapes.map((shape) => tf.ones([...shape]));
    expect(() => runOpOutputs(name, inputs, { tanh: { int: 1 } }, outputs)).toThrow(message);
  });
});
