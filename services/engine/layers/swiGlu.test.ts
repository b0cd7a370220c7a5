import { beforeAll, describe, expect, it } from "vitest";
import { loadKernels } from "../kernels.js";
import { mul, sub } from "../ops.js";
import { runOpOutputs, tf } from "../tensorflow.js";
import * as swiGlu from "./swiGlu.js";
import { both, expectClose, normal, numbers, paths, tape } from "./tapeOracle.js";

beforeAll(() => expect(loadKernels()).toEqual({ available: true }));

describe.each(paths)("SwiGLU on the %s", (_path, on) => {
  it.each([
    [1, 1],
    [37, 9],
    [300, 172],
  ])("of [%d, %d]: output and gradients are the tape's", (rows, m) => {
    const [gate, up, dy] = [normal([rows, m], 1), normal([rows, m], 2), normal([rows, m], 3)] as const;
    const expected = tape((a, b) => tf.mul(tf.mul(a, tf.sigmoid(a)), b), [gate, up], dy);
    const { y, saved } = on(() => swiGlu.forward(gate, up));
    const { dGate, dUp } = swiGlu.backward(dy, saved);
    expectClose(y, expected.y);
    expectClose(dGate, expected.gradients[0]);
    expectClose(dUp, expected.gradients[1]);
  });

  it("leaves no tensor behind", () => {
    const x = normal([3, 4], 1);
    const before = tf.memory().numTensors;
    const { y, saved } = on(() => swiGlu.forward(x, x));
    const { dGate, dUp } = swiGlu.backward(x, saved);
    tf.dispose([y, dGate, dUp]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("SwiGLU's kernel and its twin", () => {
  it("keep far and odd values", () => {
    const gate = tf.tensor2d([[-1e30, -100, -88, -20, -1e-20, 0, 1e-20, 20, 88, 100, 1e30, Number.NaN, Number.POSITIVE_INFINITY]]);
    const up = tf.fill([1, 13], 0.5);
    const [kernel, twin] = both(() => swiGlu.forward(gate, up));
    const down = [kernel, twin].map(({ saved }) => swiGlu.backward(up, saved));
    for (const [kernels, twins] of [
      [kernel.y, twin.y],
      [down[0]?.dGate, down[1]?.dGate],
      [down[0]?.dUp, down[1]?.dUp],
    ]) {
      const [actual, expected] = [numbers(kernels as typeof gate), numbers(twins as typeof gate)];
      expected.forEach((value, index) => {
        if (Number.isFinite(value)) expect(Math.abs((actual[index] ?? 0) - value)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)));
        else expect(actual[index]).toBe(value);
      });
    }
  });

  it("have the slope that differences show", () => {
    const [gate, up] = [normal([8, 5], 1), normal([8, 5], 2)];
    const ones = tf.ones([8, 5]);
    const { dGate } = swiGlu.backward(ones, swiGlu.forward(gate, up).saved);
    const value = (step: number) => swiGlu.forward(tf.add(gate, step), up).y;
    expectClose(dGate, mul(sub(value(1e-2), value(-1e-2)), tf.scalar(50)), 1e-3);
  });

  it.each([
    [
      "StepwireSwiGlu",
      1,
      [
        [2, 3],
        [3, 2],
      ],
      "up has shape [3, 2]; it must be [2, 3]",
    ],
    ["StepwireSwiGlu", 1, [[6], [6]], "gate has shape [6]; it must be [any, any]"],
    ["StepwireSwiGluGrad", 2, [[2, 3], [2, 3], [2]], "up has shape [2]; it must be [2, 3]"],
    [
      "StepwireSwiGluGrad",
      2,
      [
        [2, 3],
        [1, 3],
        [2, 3],
      ],
      "gate has shape [1, 3]; it must be [2, 3]",
    ],
  ] as const)("%s with %d outputs refuses %j", (name, outputs, shapes, message) => {
    const inputs = shapes.map((shape) => tf.ones([...shape]));
    expect(() => runOpOutputs(name, inputs, {}, outputs)).toThrow(message);
  });
});
