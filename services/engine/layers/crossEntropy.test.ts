import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { describe, expect, it } from "vitest";
import { loadKernels } from "../kernels.js";
import { free } from "../ops.js";
import { runOpOutputs, tf } from "../tensorflow.js";
import * as crossEntropy from "./crossEntropy.js";
import { both, expectClose, normal, numbers, paths, tape } from "./tapeOracle.js";

const classNumbers = (labels: number[]) => tf.tensor1d(labels, "int32");
const { POSITIVE_INFINITY: infinity, NaN: nan } = Number;

it("has kernels to test", () => expect(loadKernels()).toEqual({ available: true }));

describe.each(paths)("cross entropy on the %s", (_path, on) => {
  // 4096 is the length of the kernel's blocks.
  it.each([
    [4, 3],
    [33, 2],
    [7, 1000],
    [3, 4096],
    [5, 10_000],
  ])("of [%d, %d]: losses and gradient are the tape's", (n, classes) => {
    const logits = tf.mul(normal([n, classes], 1), 3);
    const labels = Array.from({ length: n }, (_, row) => (row * 4099) % classes);
    const oneHot = tf.oneHot(classNumbers(labels), classes);
    const expected = tape((a) => tf.neg(tf.sum(tf.mul(oneHot, tf.logSoftmax(a)), 1)), [logits], tf.fill([n], 0.25));
    const { loss, slope } = on(() => crossEntropy.forward(logits, classNumbers(labels), 0.25));
    expectClose(loss, expected.y);
    expectClose(slope, expected.gradients[0], 1e-6);
    expect(numbers(on(() => crossEntropy.losses(logits, classNumbers(labels))).loss)).toEqual(numbers(loss));
  });

  it("counts a label as right where its logit is the greatest, of equal ones the first", () => {
    const logits = tf.tensor2d([
      [1, 2, 3],
      [1, 3, 3],
      [1, 3, 3],
      [3, 3, 3],
      [-1, -5, -2],
    ]);
    const labels = classNumbers([2, 1, 2, 0, 1]);
    expect(numbers(on(() => crossEntropy.forward(logits, labels, 1)).correct)).toEqual([1, 1, 0, 1, 0]);
    expect(numbers(on(() => crossEntropy.losses(logits, labels)).correct)).toEqual([1, 1, 0, 1, 0]);
  });

  it("is exact for logits of any size", () => {
    const logits = tf.tensor2d([
      [1e30, 0, -1e30],
      [-3e38, -3e38, -3e38],
      [1000, 999, -1000],
    ]);
    const { loss, slope } = on(() => crossEntropy.forward(logits, classNumbers([0, 1, 1]), 1));
    expectClose(loss, tf.tensor1d([0, Math.log(3), 1 + Math.log1p(Math.exp(-1))]), 1e-6);
    const share = 1 / (1 + Math.exp(-1));
    const expected = [
      [0, 0, 0],
      [1 / 3, -2 / 3, 1 / 3],
      [share, -share, 0],
    ];
    expectClose(slope, tf.tensor2d(expected), 1e-6);
  });

  it.each([nan, infinity, -infinity])("gives a loss that is not finite where a logit is %d", (value) => {
    const columns = Array.from({ length: 5000 }, (_, column) => [0, 1, 2500, 4999].indexOf(column));
    const logits = tf.tensor2d([0, 1, 2, 3, 9].map((place) => columns.map((at) => (at === place ? value : 1))));
    const labels = classNumbers([1, 1, 1, 1, 1]);
    const { loss, correct } = on(() => crossEntropy.forward(logits, labels, 1));
    expect(numbers(loss).map(Number.isFinite)).toEqual([false, false, false, false, true]);
    expect(numbers(correct)).toEqual([0, 0, 0, 0, 0]);
    expect(numbers(on(() => crossEntropy.losses(logits, labels)).loss).map(Number.isFinite)).toEqual([false, false, false, false, true]);
  });

  it.each([7, 3, -1])("refuses the label %d of 3 classes, and says it", (label) => {
    const labels = classNumbers([0, label]);
    expect(() => on(() => crossEntropy.forward(normal([2, 3], 1), labels, 1))).toThrow(String(label));
    expect(() => on(() => crossEntropy.losses(normal([2, 3], 1), labels))).toThrow(String(label));
  });

  it("of no rows is nothing", () => {
    const { loss, correct, slope } = on(() => crossEntropy.forward(tf.zeros([0, 3]), tf.zeros([0], "int32"), 1));
    expect([loss, correct, slope].map(({ shape }) => shape)).toEqual([[0], [0], [0, 3]]);
  });

  it("leaves no tensor behind", () => {
    const [logits, labels] = [normal([3, 4], 1), classNumbers([0, 1, 2])];
    const before = tf.memory().numTensors;
    const trained = on(() => crossEntropy.forward(logits, labels, 1));
    const validated = on(() => crossEntropy.losses(logits, labels));
    free(...Object.values(trained), ...Object.values(validated));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("cross entropy's kernel", () => {
  it("gives its twin's numbers over a vocabulary", () => {
    const logits = normal([6, 50_257], 1);
    const labels = classNumbers([0, 1, 4095, 4096, 50_256, 777]);
    const [kernel, twin] = both(() => crossEntropy.forward(logits, labels, 1));
    expectClose(kernel.loss, twin.loss);
    expectClose(kernel.slope, twin.slope, 1e-6);
  });

  it("gives the same bits again", () => {
    const [logits, labels] = [normal([64, 5000], 1), classNumbers(Array<number>(64).fill(9))];
    const run = () => {
      const { loss, slope } = crossEntropy.forward(logits, labels, 0.1);
      return [loss, slope].map(numbers);
    };
    expect(run()).toEqual(run());
  });

  it.each([
    ["logits has shape [6]; it must be [any, any]", [6], [2], []],
    ["labels has shape [3]; it must be [2]", [2, 3], [3], []],
    ["labels has shape [2, 1]; it must be [2]", [2, 3], [2, 1], []],
    ["weight has shape [1]; it must be []", [2, 3], [2], [1]],
    ["the label of row 0 is 0; there are 0 classes", [2, 0], [2], []],
  ])("refuses: %s", (message, logits, labels, weight) => {
    const inputs: Tensor[] = [tf.zeros(logits), tf.zeros(labels, "int32"), tf.zeros(weight)];
    expect(() => runOpOutputs("StepwireCrossEntropy", inputs, {}, 3)).toThrow(message);
    if (weight.length === 0) expect(() => runOpOutputs("StepwireCrossEntropyLosses", inputs.slice(0, 2), {}, 2)).toThrow(message);
  });
});
