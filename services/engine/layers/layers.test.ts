import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { describe, expect, it } from "vitest";
import type { EncoderConfig } from "#core/models/encoderConfig.js";
import type { RowGradient } from "../gradient.js";
import { loadKernels, withTwins } from "../kernels.js";
import { disposeBatch, packBatch } from "../models/packBatch.js";
import { tf } from "../tensorflow.js";
import * as attention from "./attention.js";
import * as biasGelu from "./biasGelu.js";
import * as classificationHead from "./classificationHead.js";
import * as dropout from "./dropout.js";
import * as embedding from "./embedding.js";
import * as layerNorm from "./layerNorm.js";
import * as linear from "./linear.js";
import * as residualNorm from "./residualNorm.js";

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

const paths: [string, <T>(work: () => T) => T][] = [
  ["kernels", (work) => work()],
  ["twins", withTwins],
];

it("has kernels to test", () => expect(loadKernels()).toEqual({ available: true }));

describe.each(paths)("layers on the %s", (_path, on) => {
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
    const { y, saved } = on(() => layerNorm.forward(x, { weight, bias }, 1e-5));
    const { dx, gradients } = layerNorm.backward(dy, saved);
    expectClose(y, expected.y);
    for (const [index, actual] of [dx, gradients.weight, gradients.bias].entries())
      expectClose(actual, expected.gradients[index] as Tensor);
  });

  it("bias and GELU: output and gradients are the tape's", () => {
    const [x, bias, dy] = [normal([37, 9], 1), normal([9], 2), normal([37, 9], 3)] as const;
    const formula = (a: Tensor) => tf.mul(tf.mul(0.5, a), tf.add(1, tf.erf(tf.mul(a, Math.SQRT1_2))));
    const expected = tape((a, b) => formula(tf.add(a, b)), [x, bias], dy);
    const { y, saved } = on(() => biasGelu.forward(x, bias, "none"));
    const { dx, dBias } = biasGelu.backward(dy, saved);
    expectClose(y, expected.y);
    expectClose(dx, expected.gradients[0] as Tensor);
    expectClose(dBias, expected.gradients[1] as Tensor);
  });

  it("residual and norm: output and gradients are the tape's", () => {
    const [x, product, dy] = [normal([37, 20], 1), normal([37, 20], 2), normal([37, 20], 3)] as const;
    const [branchBias, weight, bias] = [normal([20], 4), normal([20], 5), normal([20], 6)] as const;
    const formula = (a: Tensor, p: Tensor, pb: Tensor, w: Tensor, b: Tensor) => {
      const sum = tf.add(a, tf.add(p, pb));
      const { mean, variance } = tf.moments(sum, 1, true);
      return tf.add(tf.mul(tf.mul(tf.sub(sum, mean), tf.rsqrt(tf.add(variance, 1e-5))), w), b);
    };
    const inputs = [x, product, branchBias, weight, bias];
    const expected = tape((...each) => formula(...(each as [Tensor, Tensor, Tensor, Tensor, Tensor])), inputs, dy);
    const call = { norm: { weight, bias }, epsilon: 1e-5, rate: 0.5, key: undefined, place: "here" };
    const { y, saved } = on(() => residualNorm.forward(x, { product, bias: branchBias }, call));
    const { dx, dBranch, dBranchBias, gradients } = residualNorm.backward(dy, saved);
    expectClose(y, expected.y);
    for (const [index, actual] of [dx, dBranch, dBranchBias, gradients.weight, gradients.bias].entries())
      expectClose(actual, expected.gradients[index] as Tensor, 1e-4);
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
      expectClose((actual as RowGradient).dense(), expected.gradients[index] as Tensor);
  });

  it("embedding without types is the sum of two", () => {
    const indices = { ids: tf.tensor1d([2, 0], "int32"), positions: tf.tensor1d([0, 1], "int32"), types: tf.tensor1d([0, 0], "int32") };
    const { y, saved } = embedding.forward(indices, { word: tf.eye(3), position: tf.ones([2, 3]), type: undefined });
    expect(y.arraySync()).toEqual([
      [1, 1, 2],
      [2, 1, 1],
    ]);
    expect(embedding.backward(y, saved).gradients.type).toBeUndefined();
  });

  it.each([
    ["bert", "tanh"],
    ["distilbert", "relu"],
    ["roberta", "tanh"],
  ] as const)("head of %s: output and gradients are the tape's", (family, activation) => {
    const [x, weight, bias, dy] = [normal([8, 4], 1), normal([4, 4], 2), normal([4], 3), normal([3, 2], 4)] as const;
    const [outWeight, outBias] = [normal([2, 4], 5), normal([2], 6)] as const;
    const first = tf.tensor1d([0, 2, 5], "int32");
    const formula = (a: Tensor, w: Tensor, b: Tensor, v: Tensor, c: Tensor) => {
      const inner = tf[activation](tf.add(tf.matMul(tf.gather(a, first), w, false, true), b));
      return tf.add(tf.matMul(inner, v, false, true), c);
    };
    const inputs = [x, weight, bias, outWeight, outBias];
    const expected = tape((...each) => formula(...(each as [Tensor, Tensor, Tensor, Tensor, Tensor])), inputs, dy);
    const call = { family, dense: { weight, bias }, classifier: { weight: outWeight, bias: outBias }, rate: 0.5, key: undefined };
    const { y, saved } = on(() => classificationHead.forward(x, first, call));
    expectClose(y, expected.y);
    const { dx, gradients } = classificationHead.backward(dy, saved);
    const { dense, classifier } = gradients;
    for (const [index, actual] of [dx, dense.weight, dense.bias, classifier.weight, classifier.bias].entries())
      expectClose(actual, expected.gradients[index] as Tensor);
  });

  it("head with dropout has the gradient that differences show", () => {
    const [x, weight, bias, dy] = [normal([8, 6], 1), normal([6, 6], 2), normal([6], 3), normal([3, 2], 4)] as const;
    const [outWeight, outBias, direction] = [normal([2, 6], 5), normal([2], 6), normal([8, 6], 7)] as const;
    const first = tf.tensor1d([0, 2, 5], "int32");
    for (const family of ["bert", "distilbert", "roberta"] as const) {
      const call = { family, dense: { weight, bias }, classifier: { weight: outWeight, bias: outBias }, rate: 0.4, key };
      const value = (step: number) => {
        const moved = tf.add(x, tf.mul(direction, step));
        return tf.sum(tf.mul(on(() => classificationHead.forward(moved, first, call)).y, dy)).dataSync()[0] as number;
      };
      const { dx } = classificationHead.backward(dy, on(() => classificationHead.forward(x, first, call)).saved);
      const slope = tf.sum(tf.mul(dx, direction)).dataSync()[0] as number;
      expect(Math.abs(slope - (value(1e-2) - value(-1e-2)) / 2e-2), family).toBeLessThan(5e-3 * Math.max(1, Math.abs(slope)));
    }
  });
});

/** A layout's configuration; only its heads matter. */
const attending = (heads: number): EncoderConfig => ({
  family: "bert",
  vocabSize: 10,
  hiddenSize: heads,
  layers: 1,
  heads,
  intermediateSize: 1,
  maxPositions: 512,
  positionOffset: 0,
  typeVocabSize: 2,
  layerNormEpsilon: 1e-12,
  initializerRange: 0.02,
  hiddenDropout: 0,
  attentionDropout: 0,
  classifierDropout: 0,
});

describe.each(paths)("attention on the %s", (_path, on) => {
  const heads = 2;
  const hidden = 8;
  const lengths = [30, 27, 5, 3, 3];
  const batch = () =>
    packBatch(
      lengths.map((length) => ({ ids: Array<number>(length).fill(1), types: Array<number>(length).fill(0) })),
      attending(heads),
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
    const { y, saved } = on(() => attention.forward({ q, k, v }, layout.attention, 0.1, undefined, "test"));
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
      return tf.sum(tf.mul(on(() => attention.forward({ q, k, v }, layout.attention, 0.3, key, "test")).y, dy)).dataSync()[0] as number;
    };
    const [q, k, v] = inputs.map((x) => tf.add(x, 0)) as [Tensor, Tensor, Tensor];
    const { dq, dk, dv } = attention.backward(dy, on(() => attention.forward({ q, k, v }, layout.attention, 0.3, key, "test")).saved);
    const slope = [dq, dk, dv].reduce(
      (sum, gradient, index) => sum + (tf.sum(tf.mul(gradient, directions[index] as Tensor)).dataSync()[0] as number),
      0,
    );
    const difference = (value(1e-2) - value(-1e-2)) / 2e-2;
    expect(Math.abs(slope - difference) / Math.abs(slope)).toBeLessThan(5e-3);
    disposeBatch(layout);
  });
});

describe("a kernel and its twin", () => {
  const both = <T>(work: () => T): [T, T] => [work(), withTwins(work)];
  const bits = (x: Tensor) => Array.from(x.dataSync());

  it.each([[[1]], [[63]], [[64, 3]], [[130, 384]]])("drop the same numbers of %j", (shape) => {
    const x = tf.ones(shape);
    const [kernel, twin] = both(() => dropout.forward(x, 0.3, key, "here"));
    expect(bits(kernel.y)).toEqual(bits(twin.y));
    expect(bits(dropout.backward(x, kernel.saved).dx)).toEqual(bits(dropout.backward(x, twin.saved).dx));
  });

  it("drop the same numbers of a branch before it is added", () => {
    const [x, product, dy] = [normal([37, 20], 1), normal([37, 20], 2), normal([37, 20], 3)] as const;
    const [bias, weight, shift] = [normal([20], 4), normal([20], 5), normal([20], 6)] as const;
    const call = { norm: { weight, bias: shift }, epsilon: 1e-5, rate: 0.4, key, place: "here" };
    const [kernel, twin] = both(() => residualNorm.forward(x, { product, bias }, call));
    expectClose(kernel.y, twin.y);
    const [down, twinDown] = [residualNorm.backward(dy, kernel.saved), residualNorm.backward(dy, twin.saved)];
    for (const name of ["dx", "dBranch", "dBranchBias"] as const) expectClose(down[name], twinDown[name], 1e-4);
    // Dropped and not merely small.
    expect(bits(down.dBranch).map((value) => value === 0)).toEqual(bits(twinDown.dBranch).map((value) => value === 0));
  });

  it.each([
    [2, 4],
    [1, 16],
    [3, 20],
    [2, 64],
  ])("attend alike with dropout, %d heads of %d, whatever the lengths", (heads, width) => {
    const lengths = [130, 65, 64, 33, 16, 15, 7, 2, 1, 1];
    const layout = packBatch(
      lengths.map((length) => ({ ids: Array<number>(length).fill(1), types: Array<number>(length).fill(0) })),
      attending(heads),
    );
    const rows = layout.ids.size;
    const tokens = lengths.reduce((sum, length) => sum + length, 0);
    const isToken = tf.tensor2d(Array.from({ length: rows }, (_, row) => [Number(row < tokens)]));
    const input = (seed: number) => tf.mul(normal([rows, heads * width], seed), isToken);
    const dy = input(4);
    const [kernel, twin] = both(() => attention.forward({ q: input(1), k: input(2), v: input(3) }, layout.attention, 0.25, key, "test"));
    expectClose(kernel.y, twin.y);
    const [down, twinDown] = [attention.backward(dy, kernel.saved), attention.backward(dy, twin.saved)];
    for (const name of ["dq", "dk", "dv"] as const) expectClose(down[name], twinDown[name], 5e-5);
    disposeBatch(layout);
  });

  it("give the same bits again", () => {
    const x = normal([300, 48], 1);
    const run = () => {
      const { y, saved } = biasGelu.forward(x, normal([48], 2), "none");
      return [y, biasGelu.backward(x, saved).dBias].map(bits);
    };
    expect(run()).toEqual(run());
  });

  it("keep far and odd values", () => {
    const x = tf.tensor2d([[-100, -20, -6, -1e-20, 0, 1e-20, 6, 20, 100, Number.NaN, Number.POSITIVE_INFINITY]]);
    const [kernel, twin] = both(() => biasGelu.forward(x, tf.zeros([11]), "none").y).map(bits);
    expect(kernel?.map(Number.isFinite)).toEqual(twin?.map(Number.isFinite));
    twin?.forEach((value, index) => {
      if (Number.isFinite(value)) expect(Math.abs((kernel?.[index] ?? 0) - value)).toBeLessThanOrEqual(1e-6);
      else expect(kernel?.[index]).toBe(value);
    });
  });
});

describe.each(paths)("dropout on the %s", (_path, on) => {
  it("drops the same numbers for the same key and others for another", () => {
    const x = tf.ones([100, 40]);
    const kept = (step: number, place = "here") => Array.from(on(() => dropout.forward(x, 0.25, { ...key, step }, place)).y.dataSync());
    expect(kept(1)).toEqual(kept(1));
    expect(kept(1)).not.toEqual(kept(2));
    expect(kept(1)).not.toEqual(kept(1, "there"));
  });

  it("keeps the mean, and hands the gradient to what was kept", () => {
    const x = tf.ones([200, 200]);
    const { y, saved } = on(() => dropout.forward(x, 0.25, key, "here"));
    const share = Array.from(y.dataSync()).filter((value) => value !== 0).length / x.size;
    // Five standard errors of a proportion over 40,000 draws.
    expect(Math.abs(share - 0.75)).toBeLessThan(5 * Math.sqrt((0.75 * 0.25) / 40_000));
    expectClose(dropout.backward(x, saved).dx, y, 1e-9);
  });

  it("leaves everything alone in evaluation", () => {
    const x = normal([3, 3], 1);
    const { y, saved } = on(() => dropout.forward(x, 0.5, undefined, "here"));
    expect(y).toBe(x);
    expect(dropout.backward(x, saved).dx).toBe(x);
  });
});
