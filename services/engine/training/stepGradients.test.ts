import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Gradient } from "../gradient.js";
import { denseGradient } from "../layers/tapeOracle.js";
import { loadModel } from "../models/loadModel.js";
import { loadTokenizer } from "../models/tokenizer.js";
import { tf } from "../tensorflow.js";
import { clippingFactor, globalNorm } from "./globalNorm.js";
import type { EncodedExample } from "./encodedExample.js";
import { stepGradients } from "./stepGradients.js";

const folder = fileURLToPath(new URL("../../../test/parity/goldens/tiny-bert", import.meta.url));
const texts = [
  "a good film with a warm heart",
  "bad",
  "the plot is thin and slow , not worth the time",
  "great care",
  "one of the best films of this year !",
];

async function start(): Promise<{ model: Awaited<ReturnType<typeof loadModel>>; examples: EncodedExample[] }> {
  const model = await loadModel(folder, { task: "classification", classes: 2 }, { seed: 0, field: "model" });
  const encode = await loadTokenizer(folder, 32);
  return { model, examples: texts.map((text, index) => ({ encoding: encode(text), label: index % 2, completion: 1 })) };
}

/** Five steps of plain gradient descent with dropout; all weights after them. */
async function descend(): Promise<{ weights: Map<string, Float32Array>; tensors: number[] }> {
  const { model, examples } = await start();
  const tensors: number[] = [];
  for (let step = 1; step <= 5; step++) {
    const { gradients } = await stepGradients(model, examples.slice(step % 3), { microBatchTokens: 24, dropout: { seed: 5, step } });
    for (const [name, gradient] of gradients) {
      model.parameters.assign(
        name,
        tf.tidy(() => tf.sub(model.parameters.get(name), tf.mul(denseGradient(gradient), 0.05))),
      );
      gradient.dispose();
    }
    tensors.push(tf.memory().numTensors);
  }
  const weights = new Map(model.parameters.names.map((name) => [name, model.parameters.get(name).dataSync<"float32">().slice()]));
  model.parameters.dispose();
  return { weights, tensors };
}

describe("a step's gradients", () => {
  it("are the same however the step is cut into micro-batches", async () => {
    const { model, examples } = await start();
    const whole = await stepGradients(model, examples, { microBatchTokens: 4096, dropout: undefined });
    const cut = await stepGradients(model, examples, { microBatchTokens: 16, dropout: undefined });
    expect(cut.loss).toBeCloseTo(whole.loss, 5);
    expect([cut.tokens, cut.accuracy]).toEqual([whole.tokens, whole.accuracy]);
    for (const [name, gradient] of whole.gradients) {
      const other = denseGradient(cut.gradients.get(name) as Gradient).dataSync<"float32">();
      const worst = Math.max(
        ...Array.from(denseGradient(gradient).dataSync<"float32">(), (value, index) => Math.abs(value - (other[index] ?? Number.NaN))),
      );
      expect(worst, name).toBeLessThan(1e-5);
    }
  });

  it("leave no tensor behind", async () => {
    const { tensors } = await descend();
    expect(new Set(tensors).size).toBe(1);
  });

  it("give bit-identical weights when a run is repeated", async () => {
    const [first, second] = [await descend(), await descend()];
    for (const [name, weights] of first.weights) expect(bytes(weights).equals(bytes(second.weights.get(name))), name).toBe(true);
  });
});

describe("the global norm", () => {
  it("is the square root of the sum of all squares", () => {
    expect(globalNorm([tf.tensor1d([3, 0]), tf.tensor2d([[4], [12]])])).toBeCloseTo(13, 5);
  });

  it("clips as torch.nn.utils.clip_grad_norm_ does", () => {
    expect(clippingFactor(4, 1)).toBe(1 / (4 + 1e-6));
    expect(clippingFactor(0.5, 1)).toBe(1);
    expect(clippingFactor(100, 0)).toBe(1);
  });
});

function bytes(values: Float32Array | undefined): Buffer {
  return values ? Buffer.from(values.buffer, values.byteOffset, values.byteLength) : Buffer.alloc(0);
}
