import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { describe, expect, it } from "vitest";
import { addGradients } from "../gradient.js";
import { free } from "../ops.js";
import { tf } from "../tensorflow.js";
import * as languageHead from "./languageHead.js";
import { expectClose, normal, numbers, paths, tape } from "./tapeOracle.js";

const rowNumbers = (values: number[]) => tf.tensor1d(values, "int32");
const vocabulary = 50;
const chosen = [0, 3, 4, 8, 11, 10, 15];
const next = [49, 0, 7, 7, 31, 2, 12];
const inputs = () => ({ x: normal([16, 6], 1), weight: normal([vocabulary, 6], 2), rowsOf: rowNumbers(chosen), labels: rowNumbers(next) });

/** A pass with the weight's gradient, whose parts are added as a step adds them. */
function withWeight(call: Omit<Parameters<typeof languageHead.forwardBackward>[0], "weightSink">) {
  let dWeight: Tensor | undefined;
  let parts = 0;
  const weightSink = (part: Tensor) => {
    dWeight = dWeight ? (addGradients(dWeight, part) as Tensor) : part;
    parts += 1;
  };
  const result = languageHead.forwardBackward({ ...call, weightSink });
  return { ...result, dWeight: dWeight as unknown as Tensor, parts };
}

describe.each(paths)("the head of a language model on the %s", (_path, on) => {
  // 7 rows in 1, 3 and 7 chunks; a chunk has a row even where that is too many logits.
  it.each([undefined, 3 * vocabulary, 1])("has the tape's loss and gradients with %d logits at once", (logitsAtOnce) => {
    const { x, weight, rowsOf, labels } = inputs();
    const oneHot = tf.oneHot(labels, vocabulary);
    const expected = tape(
      (a, w) => tf.neg(tf.sum(tf.mul(oneHot, tf.logSoftmax(tf.matMul(tf.gather(a, rowsOf), w, false, true))), 1)),
      [x, weight],
      tf.fill([7], 0.2),
    );
    const call = { x, weight, rowsOf, labels, lossWeight: 0.2, ...(logitsAtOnce && { logitsAtOnce }) };
    const { lossSum, correct, dx, dWeight, parts } = on(() => withWeight(call));
    expect(parts).toBe(logitsAtOnce === undefined ? 1 : logitsAtOnce === 1 ? 7 : 3);
    const losses = numbers(expected.y);
    expect(Math.abs(lossSum - losses.reduce((sum, value) => sum + value, 0))).toBeLessThan(2e-5);
    expectClose(dx, expected.gradients[0]);
    expectClose(dWeight, expected.gradients[1]);

    const scores = tf.matMul(tf.gather(x, rowsOf), weight, false, true);
    const right = numbers(tf.cast(tf.equal(tf.argMax(scores, 1), labels), "float32"));
    expect(correct).toBe(right.reduce((sum, value) => sum + value, 0));
    const validated = on(() => languageHead.losses(call));
    expectClose(tf.tensor1d(validated.losses), expected.y);
    expect(Array.from(validated.correct)).toEqual(right);
  });

  it("counts what it predicts right", () => {
    const call = { x: tf.eye(4), weight: tf.mul(tf.eye(4), 3), rowsOf: rowNumbers([0, 1, 2]), labels: rowNumbers([0, 3, 2]) };
    expect(on(() => languageHead.forwardBackward({ ...call, lossWeight: 1, weightSink: undefined, logitsAtOnce: 4 })).correct).toBe(2);
    expect(Array.from(on(() => languageHead.losses(call)).correct)).toEqual([1, 0, 1]);
  });

  it("leaves rows alone that were not chosen, and the weight that is not trained", () => {
    const { dx } = on(() => languageHead.forwardBackward({ ...inputs(), lossWeight: 1, weightSink: undefined }));
    const lines = dx.arraySync() as number[][];
    lines.forEach((line, row) => expect(line.some((value) => value !== 0)).toBe(chosen.includes(row)));
  });

  it("of no rows is nothing", () => {
    const call = { ...inputs(), rowsOf: tf.zeros([0], "int32"), labels: tf.zeros([0], "int32"), lossWeight: 1 };
    const { lossSum, correct, dx, dWeight } = on(() => withWeight(call));
    expect([lossSum, correct]).toEqual([0, 0]);
    expectClose(dx, tf.zeros([16, 6]));
    expectClose(dWeight, tf.zeros([vocabulary, 6]));
    expect(on(() => languageHead.losses(call)).losses.length).toBe(0);
  });

  it("refuses rows and labels that do not fit", () => {
    const call = { ...inputs(), lossWeight: 1, weightSink: undefined };
    const fewer = { ...call, labels: rowNumbers([1, 2]) };
    expect(() => on(() => languageHead.forwardBackward(fewer))).toThrow("there are 7 rows to predict from and 2 labels");
    expect(() => on(() => languageHead.losses(fewer))).toThrow("there are 7 rows to predict from and 2 labels");
    const beyond = { ...call, labels: rowNumbers([0, 0, 0, 0, 0, 0, vocabulary]) };
    expect(() => on(() => languageHead.forwardBackward(beyond))).toThrow("50");
    expect(() => on(() => languageHead.forwardBackward({ ...call, rowsOf: rowNumbers([0, 0, 0, 0, 0, 0, 16]) }))).toThrow("16");
  });

  it("has no gradient of the weight but the part that it hands over, and nothing as large as the logits beside it", () => {
    const call = { ...inputs(), lossWeight: 1, logitsAtOnce: 2 * vocabulary };
    const before = tf.memory().numBytes;
    const beside: number[] = [];
    const weightSink = (part: Tensor) => {
      beside.push(tf.memory().numBytes - before - 4 * part.size);
      part.dispose();
    };
    on(() => languageHead.forwardBackward({ ...call, weightSink })).dx.dispose();
    // Two rows of the input, and the gradients of all rows so far; the logits are 400 bytes.
    expect(beside).toHaveLength(4);
    expect(Math.max(...beside)).toBeLessThan(4 * 2 * vocabulary);
  });

  it("leaves no tensor behind", () => {
    const call = { ...inputs(), lossWeight: 1, logitsAtOnce: 2 * vocabulary };
    const before = tf.memory().numTensors;
    const { dx, dWeight } = on(() => withWeight(call));
    on(() => languageHead.losses(call));
    free(dx, dWeight);
    expect(tf.memory().numTensors).toBe(before);
  });
});
