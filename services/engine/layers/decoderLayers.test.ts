import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { describe, expect, it } from "vitest";
import { withTwins } from "../kernels.js";
import { tf } from "../tensorflow.js";
import * as attention from "./attention.js";
import { attentionLayout } from "./attentionLayout.js";
import * as lastTokenHead from "./lastTokenHead.js";
import * as lowRank from "./lowRank.js";
import * as rmsNorm from "./rmsNorm.js";
import * as rotary from "./rotary.js";
import * as streamNorm from "./streamNorm.js";
import * as streamRmsNorm from "./streamRmsNorm.js";
import { expectClose, normal, paths, tape } from "./tapeOracle.js";

const key = { seed: 3, step: 1, microBatch: 0 };
const rms = (x: Tensor, weight: Tensor) => tf.mul(tf.div(x, tf.sqrt(tf.add(tf.mean(tf.square(x), 1, true), 1e-5))), weight);
const numberOf = (x: Tensor) => x.dataSync()[0] as number;

describe.each(paths)("layers of decoders on the %s", (_path, on) => {
  it("RMS norm: output and gradients are the tape's", () => {
    const [x, weight, dy] = [normal([37, 20], 1), normal([20], 2), normal([37, 20], 3)] as const;
    const expected = tape((a, w) => rms(a, w), [x, weight], dy);
    const { y, saved } = on(() => rmsNorm.forward(x, weight, 1e-5));
    const { dx, dWeight } = rmsNorm.backward(dy, saved);
    expectClose(y, expected.y);
    expectClose(dx, expected.gradients[0]);
    expectClose(dWeight, expected.gradients[1], 1e-4);
  });

  it("RMS norm of a stream: both outputs count in the gradients", () => {
    const [x, branch, weight] = [normal([37, 20], 1), normal([37, 20], 2), normal([20], 3)] as const;
    const [dSum, dy] = [normal([37, 20], 4), normal([37, 20], 5)] as const;
    const both = (a: Tensor, b: Tensor, w: Tensor) => tf.concat([tf.add(a, b), rms(tf.add(a, b), w)], 1);
    const expected = tape((a, b, w) => both(a, b, w), [x, branch, weight], tf.concat([dSum, dy], 1));
    const { sum, y, saved } = on(() => streamRmsNorm.forward(x, branch, { weight, epsilon: 1e-5 }));
    const { dx, dWeight } = on(() => streamRmsNorm.backward(dSum, dy, saved));
    expectClose(tf.concat([sum, y], 1), expected.y);
    expectClose(dx, expected.gradients[0]);
    expectClose(dx, expected.gradients[1]);
    expectClose(dWeight, expected.gradients[2], 1e-4);
  });

  it("layer norm of a stream: both outputs count in the gradients", () => {
    const [x, product, dSum, dy] = [1, 2, 3, 4].map((seed) => normal([37, 20], seed)) as [Tensor, Tensor, Tensor, Tensor];
    const [branchBias, weight, bias] = [normal([20], 5), normal([20], 6), normal([20], 7)] as const;
    const formula = (a: Tensor, p: Tensor, pb: Tensor, w: Tensor, b: Tensor) => {
      const sum = tf.add(a, tf.add(p, pb));
      const { mean, variance } = tf.moments(sum, 1, true);
      return tf.concat([sum, tf.add(tf.mul(tf.mul(tf.sub(sum, mean), tf.rsqrt(tf.add(variance, 1e-5))), w), b)], 1);
    };
    const inputs = [x, product, branchBias, weight, bias];
    const expected = tape((...each) => formula(...(each as [Tensor, Tensor, Tensor, Tensor, Tensor])), inputs, tf.concat([dSum, dy], 1));
    const call = { norm: { weight, bias }, epsilon: 1e-5, rate: 0.5, key: undefined, place: "here" };
    const { sum, y, saved } = on(() => streamNorm.forward(x, { product, bias: branchBias }, call));
    const { dx, dBranch, dBranchBias, gradients } = streamNorm.backward(dSum, dy, saved);
    expectClose(tf.concat([sum, y], 1), expected.y);
    for (const [index, actual] of [dx, dBranch, dBranchBias, gradients.weight, gradients.bias].entries())
      expectClose(actual, expected.gradients[index], 1e-4);
  });

  it("rotary embedding: each pair turns by its frequency times the position", () => {
    const frequencies = Float32Array.from([1, 0.1, 0.01]);
    const [x, dy] = [normal([4, 12], 1), normal([4, 12], 2)] as const;
    const at = [0, 3, 1, 7];
    const call = { tables: rotary.rotaryTables(frequencies, 8), positions: tf.tensor1d(at, "int32"), heads: 2 };
    const angles = tf.tensor3d(
      at.flatMap((position) => Array.from(frequencies, (frequency) => position * frequency)),
      [4, 1, 3],
    );
    const formula = (a: Tensor) => {
      const [first, second] = tf.split(tf.reshape(a, [4, 2, 6]), 2, 2) as [Tensor, Tensor];
      const turned = [
        tf.sub(tf.mul(first, tf.cos(angles)), tf.mul(second, tf.sin(angles))),
        tf.add(tf.mul(second, tf.cos(angles)), tf.mul(first, tf.sin(angles))),
      ];
      return tf.reshape(tf.concat(turned, 2), [4, 12]);
    };
    const expected = tape((a) => formula(a), [x], dy);
    expectClose(
      on(() => rotary.forward(x, call)),
      expected.y,
    );
    expectClose(
      on(() => rotary.backward(dy, call)),
      expected.gradients[0],
    );
  });

  it("head on the last token: output and gradients are the tape's", () => {
    const [x, weight, dy] = [normal([8, 4], 1), normal([3, 4], 2), normal([2, 3], 3)] as const;
    const last = tf.tensor1d([2, 6], "int32");
    const expected = tape((a, w) => tf.matMul(tf.gather(a, last), w, false, true), [x, weight], dy);
    const { y, saved } = on(() => lastTokenHead.forward(x, last, weight));
    expectClose(y, expected.y);
    const { dx, dWeight } = on(() => lastTokenHead.backward(dy, saved));
    expectClose(dx, expected.gradients[0]);
    expectClose(dWeight, expected.gradients[1]);
  });

  it("low-rank product: output and gradients are the tape's, and with dropout those that differences show", () => {
    const [x, a, b, dy] = [normal([9, 6], 1), normal([2, 6], 2), normal([5, 2], 3), normal([9, 5], 4)] as const;
    const formula = (c: Tensor, d: Tensor, e: Tensor) => tf.mul(tf.matMul(tf.matMul(c, d, false, true), e, false, true), 0.7);
    const expected = tape((c, d, e) => formula(c, d, e), [x, a, b], dy);
    const call = { factor: 0.7, rate: 0.4, key: undefined, place: "here" };
    const plain = on(() => lowRank.forward(x, { a, b }, call));
    expectClose(plain.y, expected.y);
    const { dx, gradients } = lowRank.backward(dy, plain.saved);
    for (const [index, actual] of [dx, gradients.a, gradients.b].entries()) expectClose(actual, expected.gradients[index]);

    const [direction, aDirection] = [normal([9, 6], 5), normal([2, 6], 6)] as const;
    const moved = (step: number) => {
      const at = { a: tf.add(a, tf.mul(aDirection, step)), b };
      return on(() => lowRank.forward(tf.add(x, tf.mul(direction, step)), at, { ...call, key }));
    };
    const value = (step: number) => numberOf(tf.sum(tf.mul(moved(step).y, dy)));
    const down = on(() => lowRank.backward(dy, moved(0).saved));
    const slope = numberOf(tf.add(tf.sum(tf.mul(down.dx, direction)), tf.sum(tf.mul(down.gradients.a, aDirection))));
    expect(Math.abs(slope - (value(1e-2) - value(-1e-2)) / 2e-2)).toBeLessThan(5e-3 * Math.max(1, Math.abs(slope)));
  });
});

describe.each(paths)("causal attention with shared keys on the %s", (_path, on) => {
  const lengths = [70, 66, 5, 1];
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const rows = 160;
  const first = lengths.map((_, index) => lengths.slice(0, index).reduce((sum, length) => sum + length, 0));
  const layoutOf = (heads: number, kvHeads: number) =>
    attentionLayout({ lengths, first, rows, padRow: tokens, heads, kvHeads, causal: true });
  const padded = (x: Tensor) =>
    tf.pad(x, [
      [0, rows - tokens],
      [0, 0],
    ]);

  /** Each head of queries with the head of keys that its group shares, over the tokens so far. */
  const textbook = (q: Tensor, k: Tensor, v: Tensor, heads: number, kvHeads: number, width: number): Tensor => {
    const parts = lengths.map((length, index) => {
      const split = (x: Tensor, count: number) =>
        tf.transpose(tf.reshape(tf.slice(x, [first[index] as number, 0], [length, count * width]), [length, count, width]), [1, 0, 2]);
      const repeat = (x: Tensor) =>
        tf.gather(
          x,
          tf.tensor1d(
            Array.from({ length: heads }, (_, h) => Math.floor((h * kvHeads) / heads)),
            "int32",
          ),
        );
      const scores = tf.div(tf.matMul(split(q, heads), repeat(split(k, kvHeads)), false, true), Math.sqrt(width));
      const later = tf.sub(1, tf.linalg.bandPart(tf.ones([length, length]), -1, 0));
      const mixed = tf.matMul(tf.softmax(tf.sub(scores, tf.mul(later, 1e9))), repeat(split(v, kvHeads)));
      return tf.reshape(tf.transpose(mixed, [1, 0, 2]), [length, heads * width]);
    });
    return tf.concat(parts as ReturnType<typeof tf.tensor2d>[]);
  };

  it.each([
    [4, 4, 8],
    [4, 2, 6],
    [3, 1, 20],
  ])("%d heads on %d, of %d numbers: output and gradients are the tape's", (heads, kvHeads, width) => {
    const layout = layoutOf(heads, kvHeads);
    const inputs = [normal([tokens, heads * width], 1), normal([tokens, kvHeads * width], 2), normal([tokens, kvHeads * width], 3)];
    const dy = normal([tokens, heads * width], 4);
    const expected = tape((q, k, v) => textbook(q, k, v, heads, kvHeads, width), inputs, dy);
    const [q, k, v] = inputs.map(padded) as [Tensor, Tensor, Tensor];
    const { y, saved } = on(() => attention.forward({ q, k, v }, layout, 0, undefined, "test"));
    const { dq, dk, dv } = on(() => attention.backward(padded(dy), saved));
    expectClose(y, padded(expected.y));
    for (const [index, actual] of [dq, dk, dv].entries()) expectClose(actual, padded(expected.gradients[index] as Tensor), 1e-4);
    layout.dispose();
  });
});

describe("causal attention", () => {
  it("drops the same probabilities on kernel and twin", () => {
    const [lengths, first] = [
      [130, 64, 2],
      [0, 130, 194],
    ];
    const layout = attentionLayout({ lengths, first, rows: 224, padRow: 196, heads: 4, kvHeads: 2, causal: true });
    const isToken = tf.tensor2d(Array.from({ length: 224 }, (_, row) => [Number(row < 196)]));
    const input = (width: number, seed: number) => tf.mul(normal([224, width], seed), isToken);
    const dy = input(32, 4);
    const run = () => attention.forward({ q: input(32, 1), k: input(16, 2), v: input(16, 3) }, layout, 0.25, key, "test");
    const [kernel, twin] = [run(), withTwins(run)];
    expectClose(kernel.y, twin.y);
    const [down, twinDown] = [attention.backward(dy, kernel.saved), attention.backward(dy, twin.saved)];
    for (const name of ["dq", "dk", "dv"] as const) expectClose(down[name], twinDown[name], 5e-5);
    layout.dispose();
  });
});
