import { join } from "node:path";
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { describe, expect, it, vi } from "vitest";
import { goldens } from "../../test/parity/support.js";
import { loadKernels } from "./kernels.js";
import { normal, numbers } from "./layers/tapeOracle.js";
import { adaptModel, mergedParameters } from "./models/adapter.js";
import { loadModel } from "./models/loadModel.js";
import { matMul } from "./ops.js";
import { tensorAlgebra } from "./optimizer/tensorAlgebra.js";
import { cpuFeatures, products } from "./precision.js";
import { tf } from "./tensorflow.js";

// TensorFlow reads it when it is loaded.
vi.hoisted(() => {
  process.env.TF_SET_ONEDNN_FPMATH_MODE = "BF16";
});

/** To bfloat16, to the nearest and to the even one of two: IEEE 754 float32 with its lower half cut off. */
function rounded(values: readonly number[]): number[] {
  const bits = new Uint32Array(Float32Array.from(values).buffer);
  bits.forEach((value, index) => {
    bits[index] = ((value + 0x7fff + ((value >>> 16) & 1)) & 0xffff0000) >>> 0;
  });
  return Array.from(new Float32Array(bits.buffer));
}

/** The largest difference from a product in float64. */
function off(actual: Tensor, a: readonly number[], b: readonly number[], [m, n, k]: readonly [number, number, number]): number {
  const values = numbers(actual);
  expect(values.length).toBe(m * n);
  let most = 0;
  for (let row = 0; row < m; row++)
    for (let column = 0; column < n; column++) {
      let sum = 0;
      for (let i = 0; i < k; i++) sum += (a[row * k + i] ?? Number.NaN) * (b[i * n + column] ?? Number.NaN);
      most = Math.max(most, Math.abs(sum - (values[row * n + column] ?? Number.NaN)));
    }
  return most;
}

// The library may leave smaller products in float32.
const shapes = [
  [1, 384, 384],
  [33, 34, 50],
  [96, 130, 64],
  [160, 96, 384],
] as const;

describe("a process that was told to multiply in bfloat16", () => {
  it("does so where the processor can", () => {
    expect(loadKernels()).toEqual({ available: true });
    const able = cpuFeatures.includes("amx_bf16")
      ? "bfloat16 by AMX"
      : cpuFeatures.includes("avx512_bf16")
        ? "bfloat16 by AVX-512"
        : "float32";
    expect(products()).toBe(able);
  });

  it.each(shapes.flatMap((shape) => [false, true].flatMap((ta) => [false, true].map((tb) => [shape, ta, tb] as const))))(
    "multiplies a model's numbers as it says: %j (transposed: %s, %s)",
    (shape, transposeA, transposeB) => {
      const [m, n, k] = shape;
      const [a, b] = [normal([m, k], 1), normal([k, n], 2)];
      const actual = matMul(transposeA ? tf.transpose(a) : a, transposeB ? tf.transpose(b) : b, transposeA, transposeB);
      const seen = (x: Tensor) => (products() === "float32" ? numbers(x) : rounded(numbers(x)));
      expect(off(actual, seen(a), seen(b), shape)).toBeLessThan(2e-6 * k + 1e-6);
    },
  );

  it("gives zeros over nothing, nothing of nothing, and keeps what is not finite", () => {
    expect(numbers(matMul(tf.zeros([2, 0]), tf.zeros([0, 3])))).toEqual([0, 0, 0, 0, 0, 0]);
    expect(matMul(tf.zeros([0, 4]), tf.zeros([3, 4]), false, true).shape).toEqual([0, 3]);
    expect(matMul(tf.zeros([0, 4]), tf.zeros([0, 3]), true).shape).toEqual([4, 3]);
    const a = tf.tensor2d([1, 2, Number.NaN, 1, 3, Number.POSITIVE_INFINITY], [3, 2]);
    expect(numbers(matMul(a, tf.ones([2, 1])))).toEqual([3, Number.NaN, Number.POSITIVE_INFINITY]);
  });

  it("multiplies an optimizer's numbers in float32", () => {
    const shape = [96, 130, 64] as const;
    const [a, b] = [normal([96, 64], 1), normal([64, 130], 2)];
    expect(off(tensorAlgebra.matmul(a, b), numbers(a), numbers(b), shape)).toBeLessThan(2e-4);
  });

  it("adds an adapter to the weights that are saved in float32", async () => {
    const model = await loadModel(join(goldens, "tiny-bert"), { task: "classification", classes: 2 }, { seed: 1, field: "model" });
    const adapted = adaptModel(model, { rank: 4, alpha: 4, dropout: 0, targets: [], rslora: false }, { seed: 1, field: "targets" });
    const [layer] = adapted.layers;
    if (!layer) throw new Error("the adapter has no layer");
    const { name, inputs, outputs } = layer;
    const b = normal([outputs, 4], 3);
    model.parameters.assign(`${name}.lora_B.weight`, b.clone());
    const a = model.parameters.get(`${name}.lora_A.weight`);
    const merged = mergedParameters(adapted);
    const change = tf.sub(merged.parameters.get(`${name}.weight`), model.parameters.get(`${name}.weight`));
    expect(off(change, numbers(b), numbers(a), [outputs, inputs, 4])).toBeLessThan(1e-6);
    merged.dispose();
    model.parameters.dispose();
  });
});
