import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { describe, expect, it } from "vitest";
import { disposeBatch, packBatch } from "../models/packBatch.js";
import { tf } from "../tensorflow.js";
import * as attention from "./attention.js";
import * as crossEntropy from "./crossEntropy.js";
import * as dropout from "./dropout.js";
import * as embedding from "./embedding.js";
import * as gelu from "./gelu.js";
import * as layerNorm from "./layerNorm.js";
import * as linear from "./linear.js";
import * as pooler from "./pooler.js";

// The oracle is TF.js's own gradient tape over the textbook formula.

/** Output and input gradients of `formula`, for the output gradient `dy`. */
function tape(formula: (...x: Tensor[]) => Tensor, inputs: Tensor[], dy: Tensor): { y: Tensor; gradients: Tensor[] } {
  return { y: formula(...inputs), gradients: tf.grads(formula)(inputs, dy) };
}

function expectClose(actual: Tensor, expected: Tensor, tolerance = 2e-5): void {
  expect(actual.shape).toEqual(expected.shape);
  const values = actual.dataSync();
  const worst = Math.max(...Array.from(expected.dataSync(), (value, index) => Math.abs(value - (values[index] as number))));
  expect(worst).toBeLessThan(tolerance);
}

const normal = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, "float32", seed);
const key = { seed: 3, step: 1, microBatch: 0 };

describe("layers", () => {
  it("linear: output and gradients are the tape's", () => {
    const [x, weight, bias, dy] = [normal([6, 5], 1), normal([4, 5], 2), normal([4], 3), normal([6, 4], 4)] as const;
    const expected = tape((a, w, b) => tf.add(tf.matMul(a, w, false, true), b), [x, weight, bias], dy);
    const { y, saved } = linear.forward(x, { weight, bias });
    const { dx, gradients } = linear.backward(dy, saved);
    expectClose(y, expected.y);
    for (const [index, actual] of [dx, gradients.weight, gradients.bias].entries())
      expectClose(actual, expected.gradients[index] as Tensor);
  });

  it("layer norm: output and gradients are the tape's", () => {
    const [x, weight, bias, dy] = [normal([7, 12], 1), normal([12], 2), normal([12], 3), normal([7, 12], 4)] as const;
    const formula = (a: Tensor, w: Tensor, b: Tensor) => {
      const { mean, variance } = tf.moments(a, 1, true);
      return tf.add(tf.mul(tf.mul(tf.sub(a, mean), tf.rsqrt(tf.add(variance, 1e-5))), w), b);
    };
    const expected = tape((a, w, b) => formula(a, w, b), [x, weight, bias], dy);
    const { y, saved } = layerNorm.forward(x, { weight, bias }, 1e-5);
    const { dx, gradients } = layerNorm.backward(dy, saved);
    expectClose(y, expected.y);
    for (const [index, actual] of [dx, gradients.weight, gradients.bias].entries())
      expectClose(actual, expected.gradients[index] as Tensor);
  });

  it("GELU: output and gradient are the tape's", () => {
    const [x, dy] = [normal([5, 9], 1), normal([5, 9], 2)] as const;
    const expected = tape((a) => tf.mul(tf.mul(0.5, a), tf.add(1, tf.erf(tf.mul(a, Math.SQRT1_2)))), [x], dy);
    const { y, saved } = gelu.forward(x);
    expectClose(y, expected.y);
    expectClose(gelu.backward(dy, saved).dx, expected.gradients[0] as Tensor);
  });

  it("embedding: output and gradients are the tape's", () => {
    const indices = {
      ids: tf.tensor1d([2, 0, 2, 4], "int32"),
      positions: tf.tensor1d([0, 1, 2, 0], "int32"),
      types: tf.tensor1d([0, 0, 1, 1], "int32"),
    };
    const [word, position, type, dy] = [normal([5, 3], 1), normal([6, 3], 2), normal([2, 3], 3), normal([4, 3], 4)] as const;
    const look = (table: Tensor | undefined, at: Tensor) => tf.gather(table as Tensor, at);
    const expected = tape(
      (w, p, t) => tf.add(tf.add(look(w, indices.ids), look(p, indices.positions)), look(t, indices.types)),
      [word, position, type],
      dy,
    );
    const { y, saved } = embedding.forward(indices, { word, position, type });
    const { gradients } = embedding.backward(dy, saved);
    expectClose(y, expected.y);
    for (const [index, actual] of [gradients.word, gradients.position, gradients.type].entries())
      expectClose(actual, expected.gradients[index] as Tensor);
  });

  it("cross entropy: loss and gradient are the tape's", () => {
    const logits = normal([4, 3], 1);
    const labels = [2, 0, 1, 1];
    const oneHot = tf.oneHot(tf.tensor1d(labels, "int32"), 3);
    const expected = tape((a) => tf.neg(tf.sum(tf.mul(oneHot, tf.logSoftmax(a)), 1)), [logits], tf.fill([4], 0.25));
    const { y, saved } = crossEntropy.forward(logits, tf.tensor1d(labels, "int32"));
    expectClose(y, expected.y);
    expectClose(crossEntropy.backward(0.25, saved).dx, expected.gradients[0] as Tensor);
  });

  it("pooler: output and gradients are the tape's", () => {
    const [x, weight, bias, dy] = [normal([8, 4], 1), normal([4, 4], 2), normal([4], 3), normal([3, 4], 4)] as const;
    const first = tf.tensor1d([0, 2, 5], "int32");
    const formula = (a: Tensor, w: Tensor, b: Tensor) => tf.tanh(tf.add(tf.matMul(tf.gather(a, first), w, false, true), b));
    const expected = tape((a, w, b) => formula(a, w, b), [x, weight, bias], dy);
    const { y, saved } = pooler.forward(x, first, { weight, bias });
    expectClose(y, expected.y);
    const { dx, gradients } = pooler.backward(dy, saved);
    for (const [index, actual] of [dx, gradients.weight, gradients.bias].entries())
      expectClose(actual, expected.gradients[index] as Tensor);
  });
});

describe("attention", () => {
  const heads = 2;
  const hidden = 8;
  const lengths = [30, 27, 5, 3, 3];
  const batch = () =>
    packBatch(
      lengths.map((length) => ({ ids: Array<number>(length).fill(1), types: Array<number>(length).fill(0) })),
      heads,
    );
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  /** Rows of no token: what is in them must not matter, and their gradient is 0. */
  const padded = (x: Tensor, rows: number) =>
    tf.pad(x, [
      [0, rows - tokens],
      [0, 0],
    ]);

  const textbook = (q: Tensor, k: Tensor, v: Tensor): Tensor => {
    let start = 0;
    const parts = lengths.map((length) => {
      const split = (x: Tensor) =>
        tf.transpose(tf.reshape(tf.slice(x, [start, 0], [length, hidden]), [length, heads, hidden / heads]), [1, 0, 2]);
      const scores = tf.div(tf.matMul(split(q), split(k), false, true), Math.sqrt(hidden / heads));
      const mixed = tf.matMul(tf.softmax(scores), split(v));
      start += length;
      return tf.reshape(tf.transpose(mixed, [1, 0, 2]), [length, hidden]);
    });
    return tf.concat(parts as ReturnType<typeof tf.tensor2d>[]);
  };

  it("over sequences of several lengths is attention over each alone", () => {
    const layout = batch();
    expect(layout.attention.groups.length).toBe(2);
    const rows = layout.ids.size;
    const inputs = [1, 2, 3].map((seed) => normal([tokens, hidden], seed));
    const dy = normal([tokens, hidden], 4);
    const expected = tape((q, k, v) => textbook(q, k, v), inputs, dy);
    const [q, k, v] = inputs.map((x) => padded(x, rows)) as [Tensor, Tensor, Tensor];
    const { y, saved } = attention.forward({ q, k, v }, layout.attention, 0.1, undefined, "test");
    const { dq, dk, dv } = attention.backward(padded(dy, rows), saved);
    expectClose(y, padded(expected.y, rows));
    for (const [index, actual] of [dq, dk, dv].entries()) expectClose(actual, padded(expected.gradients[index] as Tensor, rows));
    disposeBatch(layout);
  });

  it("with dropout has the gradient that differences show", () => {
    const layout = batch();
    const rows = layout.ids.size;
    const inputs = [1, 2, 3].map((seed) => padded(normal([tokens, hidden], seed), rows));
    const directions = [4, 5, 6].map((seed) => padded(normal([tokens, hidden], seed), rows));
    const dy = padded(normal([tokens, hidden], 7), rows);
    const value = (step: number) => {
      const [q, k, v] = inputs.map((x, index) => tf.add(x, tf.mul(directions[index] as Tensor, step))) as [Tensor, Tensor, Tensor];
      return tf.sum(tf.mul(attention.forward({ q, k, v }, layout.attention, 0.3, key, "test").y, dy)).dataSync()[0] as number;
    };
    const [q, k, v] = inputs as [Tensor, Tensor, Tensor];
    const { dq, dk, dv } = attention.backward(dy, attention.forward({ q, k, v }, layout.attention, 0.3, key, "test").saved);
    const slope = [dq, dk, dv].reduce(
      (sum, gradient, index) => sum + (tf.sum(tf.mul(gradient, directions[index] as Tensor)).dataSync()[0] as number),
      0,
    );
    const difference = (value(1e-2) - value(-1e-2)) / 2e-2;
    expect(Math.abs(slope - difference) / Math.abs(slope)).toBeLessThan(5e-3);
    disposeBatch(layout);
  });
});

describe("dropout", () => {
  it("drops the same numbers for the same key and others for another", () => {
    const x = tf.ones([100, 40]);
    const kept = (step: number, place = "here") => Array.from(dropout.forward(x, 0.25, { ...key, step }, place).y.dataSync());
    expect(kept(1)).toEqual(kept(1));
    expect(kept(1)).not.toEqual(kept(2));
    expect(kept(1)).not.toEqual(kept(1, "there"));
  });

  it("keeps the mean, and hands the gradient to what was kept", () => {
    const x = tf.ones([200, 200]);
    const { y, saved } = dropout.forward(x, 0.25, key, "here");
    const share = Array.from(y.dataSync()).filter((value) => value !== 0).length / x.size;
    // Five standard errors of a proportion over 40,000 draws.
    expect(Math.abs(share - 0.75)).toBeLessThan(5 * Math.sqrt((0.75 * 0.25) / 40_000));
    expectClose(dropout.backward(x, saved).dx, y, 1e-9);
  });

  it("leaves everything alone in evaluation", () => {
    const x = normal([3, 3], 1);
    const { y, saved } = dropout.forward(x, 0.5, undefined, "here");
    expect(y).toBe(x);
    expect(dropout.backward(x, saved).dx).toBe(x);
  });
});
