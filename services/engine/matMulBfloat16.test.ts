import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { describe, expect, it } from "vitest";
import { loadKernels, multipliesBfloat16 } from "./kernels.js";
import { normal, numbers } from "./layers/tapeOracle.js";
import { matMul, matMulBfloat16 } from "./ops.js";
import { tf } from "./tensorflow.js";

const able = multipliesBfloat16();

/** The numbers rounded to bfloat16, to the nearest and to the even one of two: IEEE 754 float32 with its lower half cut off. */
function rounded(x: Tensor): Tensor {
  const bits = new Uint32Array(Float32Array.from(x.dataSync<"float32">()).buffer);
  bits.forEach((value, index) => {
    bits[index] = ((value + 0x7fff + ((value >>> 16) & 1)) & 0xffff0000) >>> 0;
  });
  return tf.tensor(new Float32Array(bits.buffer), x.shape);
}

it("has kernels to test", () => expect(loadKernels()).toEqual({ available: true }));

function isComputed(): void {
  const transposes: [boolean, boolean][] = [
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ];
  // Shapes on both sides of tiles (6 x 64), strips (48), vectors (16), pairs, blocks (3072 rows, depth 2048), and of sharing rows out.
  const shapes: [number, number, number][] = [
    [1, 1, 1],
    [6, 64, 32],
    [7, 65, 33],
    [48, 16, 31],
    [49, 15, 2],
    [53, 130, 64],
    [500, 17, 65],
    [5, 3, 2048],
    [50, 70, 2049],
    [20, 20, 4200],
    [3073, 5, 7],
  ];
  it.each(shapes.flatMap((shape) => transposes.map((transpose) => [...shape, ...transpose] as const)))(
    "%d x %d over %d (transposed: %s, %s) is that of the rounded numbers in float",
    (m, n, k, transposeA, transposeB) => {
      const a = normal(transposeA ? [k, m] : [m, k], 1);
      const b = normal(transposeB ? [n, k] : [k, n], 2);
      const actual = numbers(matMulBfloat16(a, b, transposeA, transposeB));
      const expected = numbers(matMul(rounded(a), rounded(b), transposeA, transposeB));
      const off = actual.map((value, index) => Math.abs(value - (expected[index] ?? Number.NaN)));
      expect(off.length).toBe(m * n);
      // Float sums of k numbers in another order; numbers rounded otherwise would be off by 2^-9 of each.
      expect(Math.max(...off)).toBeLessThan(2e-6 * k + 1e-7);
    },
  );

  it("over nothing is zero, and of nothing is nothing", () => {
    expect(numbers(matMulBfloat16(tf.zeros([2, 0]), tf.zeros([0, 3])))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(matMulBfloat16(tf.zeros([0, 4]), tf.zeros([4, 3])).shape).toEqual([0, 3]);
    expect(matMulBfloat16(tf.zeros([2, 4]), tf.zeros([0, 4]), false, true).shape).toEqual([2, 0]);
  });

  it("carries what is not finite to the sums that it is in", () => {
    const a = tf.tensor2d([1, 2, Number.NaN, 1, 3, Number.POSITIVE_INFINITY], [3, 2]);
    expect(numbers(matMulBfloat16(a, tf.ones([2, 1])))).toEqual([3, Number.NaN, Number.POSITIVE_INFINITY]);
  });

  it("is the same bits again", () => {
    const [a, b] = [normal([300, 200], 1), normal([200, 100], 2)];
    expect(numbers(matMulBfloat16(a, b))).toEqual(numbers(matMulBfloat16(a, b)));
  });

  it.each([
    ["a has shape [2]; it must be [any, any]", [2], [2, 3], false],
    ["b has shape [2, 5]; it must be [3, any]", [2, 3], [2, 5], false],
    ["b has shape [3, 5]; it must be [any, 3]", [2, 3], [3, 5], true],
  ])("is refused: %s", (message, left, right, transposeB) => {
    expect(() => matMulBfloat16(tf.zeros(left), tf.zeros(right), false, transposeB)).toThrow(message);
  });
}

function isRefused(): void {
  it("is refused", () => expect(() => matMulBfloat16(tf.zeros([1, 1]), tf.zeros([1, 1]))).toThrow("multiplies no bfloat16"));
}

// Each kind of processor has its own tests: none is left out.
describe.each([able ? (["multiplies it", isComputed] as const) : (["does not multiply it", isRefused] as const)])(
  "a product in bfloat16, on a processor that %s by AVX-512",
  (_able, tests) => {
    tests();
  },
);
