import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { DecoderConfig } from "#core/models/decoderConfig.js";
import { resolveOptimizer } from "#core/optimizers/resolveOptimizer.js";
import { addGradients, type Gradient } from "#engine/gradient.js";
import { lossAndGradients, type PromptedSequence, tokenLosses } from "#engine/models/causalModel.js";
import { infer } from "#engine/models/decoder.js";
import { loadModel, type LoadedModel } from "#engine/models/loadModel.js";
import type { Model } from "#engine/models/model.js";
import { disposeBatch, packBatch } from "#engine/models/packBatch.js";
import * as sequenceModel from "#engine/models/sequenceModel.js";
import { loadCompletionTokenizer, loadTokenizer } from "#engine/models/tokenizer.js";
import { createOptimizer } from "#engine/optimizer/createOptimizer.js";
import { matMul } from "#engine/ops.js";
import { tf } from "#engine/tensorflow.js";
import { clippingFactor, globalNorm } from "#engine/training/globalNorm.js";
import { adamw, expectGradients, expectLogits, goldens, type GoldenRecipe, type GoldenStep, readGolden } from "./support.js";

// Goldens: see make_decoder_goldens.py, which makes them with PyTorch and transformers.

interface CausalGolden {
  recipe: GoldenRecipe;
  loss: number;
  logits: number[][];
  steps: GoldenStep[];
  rows: { prompt: string; completion: string; ids: number[]; begin: number; losses: number[] }[];
}

interface ClassifierGolden {
  maxLength: number;
  loss: number;
  score: number[][];
  rows: { text: string; label: number; ids: number[]; logits: number[] }[];
}

let loaded: LoadedModel | undefined;
afterEach(() => {
  loaded?.parameters.dispose();
  loaded = undefined;
});

type Decoder = LoadedModel & Model<DecoderConfig>;

async function languageModel(family: string): Promise<Decoder> {
  loaded = await loadModel(join(goldens, `tiny-${family}`), { task: "causal_lm" }, { seed: 0, field: "model" });
  return loaded as Decoder;
}

const sequencesOf = ({ rows }: CausalGolden): PromptedSequence[] => rows.map(({ ids, begin }) => ({ ids, completion: begin }));
const pack = (model: Model, sequences: readonly { ids: readonly number[] }[]) =>
  packBatch(
    sequences.map(({ ids }) => ({ ids: [...ids], types: ids.map(() => 0) })),
    model.config,
  );

function gradientsOf(model: Decoder, sequences: readonly PromptedSequence[]): { loss: number; gradients: Map<string, Gradient> } {
  const batch = pack(model, sequences);
  const tokens = sequences.reduce((sum, { ids, completion }) => sum + ids.length - completion, 0);
  const gradients = new Map<string, Gradient>();
  const sink = (name: string, gradient: Gradient) => {
    const before = gradients.get(name);
    gradients.set(name, before ? addGradients(before, gradient) : gradient);
  };
  const { lossSum } = lossAndGradients(model, batch, sequences, { lossWeight: 1 / tokens, key: undefined, sink });
  disposeBatch(batch);
  return { loss: lossSum / tokens, gradients };
}

/** All logits of a sequence, one row after another. */
function logitsOf(model: Decoder, ids: readonly number[], change: (batch: ReturnType<typeof pack>) => void = () => undefined) {
  const batch = pack(model, [{ ids }]);
  change(batch);
  const head = model.parameters.get(model.config.tied ? (model.parameters.names[0] as string) : (model.parameters.names.at(-1) as string));
  const logits = tf.tidy(() => tf.slice(matMul(infer(model, batch), head, false, true), [0, 0], [ids.length, model.config.vocabSize]));
  disposeBatch(batch);
  const values = Array.from(logits.dataSync());
  logits.dispose();
  return values;
}

describe.each(["gpt2", "llama", "qwen2"])("a small random %s", (family) => {
  it("has transformers' logits, and the loss of each token of the completions", async () => {
    const golden = await readGolden<CausalGolden>(`tiny-${family}-causal.json`);
    const model = await languageModel(family);
    expect(model.created).toEqual([]);
    expectLogits(logitsOf(model, golden.rows[0]?.ids ?? []), golden.logits.flat());
    const batch = pack(model, sequencesOf(golden));
    for (const [index, { losses }] of tokenLosses(model, batch, sequencesOf(golden)).entries())
      expectLogits(losses, golden.rows[index]?.losses ?? []);
    disposeBatch(batch);
  });

  it("has transformers' token ids", async () => {
    const golden = await readGolden<CausalGolden>(`tiny-${family}-causal.json`);
    const model = await languageModel(family);
    const encode = await loadTokenizer(join(goldens, `tiny-${family}`), 64, { config: model.config });
    for (const { prompt, ids, begin } of golden.rows) expect(encode(prompt).ids).toEqual(ids.slice(0, begin));
    // Both texts of a pair are read, also where no special token is between them.
    const [first, second] = [encode("the film").ids, encode("is it ?").ids];
    expect(encode("the film", "is it ?").ids).toEqual([...first, ...second]);
    const complete = await loadCompletionTokenizer(join(goldens, `tiny-${family}`), 64, { config: model.config });
    for (const { prompt, completion, ids, begin } of golden.rows)
      expect(complete(prompt, completion)).toEqual({ encoding: { ids, types: ids.map(() => 0) }, completion: begin });
  });

  it("has PyTorch's loss and gradient of every parameter", async () => {
    const golden = await readGolden<CausalGolden>(`tiny-${family}-causal.json`);
    const model = await languageModel(family);
    const { loss, gradients } = gradientsOf(model, sequencesOf(golden));
    expect(Math.abs(loss / golden.loss - 1)).toBeLessThan(1e-5);
    await expectGradients(gradients, `tiny-${family}-causal-gradients.safetensors`);
    for (const gradient of gradients.values()) gradient.dispose();
  });

  it("takes 30 steps of AdamW as PyTorch does", async () => {
    const { recipe, steps, ...golden } = await readGolden<CausalGolden>(`tiny-${family}-causal.json`);
    const model = await languageModel(family);
    // The golden decays everything.
    const groups = [{ pattern: "*", decayed: true }];
    const optimizer = createOptimizer({ optimizer: resolveOptimizer({ ...adamw(recipe), groups }), parameters: model.parameters });
    for (const [index, expected] of steps.entries()) {
      const { loss, gradients } = gradientsOf(model, sequencesOf({ recipe, steps, ...golden }));
      const norm = globalNorm(gradients.values());
      expect(Math.abs(loss / expected.loss - 1), `loss of step ${index + 1}`).toBeLessThan(1e-5);
      expect(Math.abs(norm / expected.gradNorm - 1), `gradient norm of step ${index + 1}`).toBeLessThan(5e-5);
      const gradientScale = clippingFactor(norm, recipe.maxGradNorm);
      optimizer.update(gradients, { learningRate: recipe.learningRate, step: index + 1, gradientScale });
      for (const gradient of gradients.values()) gradient.dispose();
    }
    optimizer.dispose();
  });

  it("classifies by the last token as transformers does", async () => {
    const golden = await readGolden<ClassifierGolden>(`tiny-${family}-classifier.json`);
    const folder = join(goldens, `tiny-${family}`);
    loaded = await loadModel(folder, { task: "classification", classes: 3 }, { seed: 0, field: "model" });
    expect(loaded.created).toEqual(["score.weight"]);
    loaded.parameters.set("score.weight", Float32Array.from(golden.score.flat()), [3, loaded.config.hiddenSize]);
    const encode = await loadTokenizer(folder, golden.maxLength, { config: loaded.config });
    expect(golden.rows.map(({ text }) => encode(text).ids)).toEqual(golden.rows.map(({ ids }) => ids));
    const batch = pack(loaded, golden.rows);
    const logits = sequenceModel.predictLogits(loaded, batch);
    expectLogits(
      logits.dataSync(),
      golden.rows.flatMap((row) => row.logits),
    );
    const gradients = new Map<string, Gradient>();
    const { lossSum } = sequenceModel.lossAndGradients(loaded, batch, {
      targets: golden.rows.map(({ label }) => label),
      lossWeight: 1 / golden.rows.length,
      key: undefined,
      sink: (name, gradient) => gradients.set(name, gradient),
    });
    expect(Math.abs(lossSum / golden.rows.length / golden.loss - 1)).toBeLessThan(1e-5);
    await expectGradients(gradients, `tiny-${family}-classifier-gradients.safetensors`);
    for (const gradient of gradients.values()) gradient.dispose();
    logits.dispose();
    disposeBatch(batch);
  });

  it("shows every part that is left out in its logits, a hundred times above the tolerance", async () => {
    const golden = await readGolden<CausalGolden>(`tiny-${family}-causal.json`);
    const model = await languageModel(family);
    const { parameters, config } = model;
    const ids = golden.rows[5]?.ids ?? [];
    const whole = logitsOf(model, ids);
    const scale = Math.max(...whole.map(Math.abs));
    const moved = (logits: readonly number[]) =>
      Math.max(...logits.map((value, place) => Math.abs(value - (whole[place] as number)))) / scale;
    const without = (name: string, change: (values: Float32Array) => Float32Array): number => {
      const { shape } = parameters.get(name);
      const values = Float32Array.from(parameters.get(name).dataSync());
      parameters.set(name, change(values), shape);
      const difference = moved(logitsOf(model, ids));
      parameters.set(name, values, shape);
      return difference;
    };
    for (const name of parameters.names) {
      const isGain = /norm\.weight$|layernorm\.weight$|ln_\w+\.weight$/.test(name);
      // The keys' bias adds the same to all scores of a query where nothing turns it in between.
      const keysBias = family === "gpt2" && name.endsWith("c_attn.bias");
      const change = (values: Float32Array) => (isGain ? values.fill(1) : keysBias ? values.fill(0, 0, 24).fill(0, 48) : values.fill(0));
      expect(without(name, change), name).toBeGreaterThan(1e-2);
    }
    const changed = (settings: Partial<DecoderConfig>) => moved(logitsOf({ ...model, config: { ...config, ...settings } }, ids));
    const order = logitsOf(model, ids, (batch) => Object.assign(batch.attention, { causal: false }));
    expect(moved(order), "the order of tokens").toBeGreaterThan(1e-2);
    if (config.rotary) {
      expect(changed({ rotary: undefined }), "the turning of queries and keys").toBeGreaterThan(1e-2);
      const unscaled = changed({ rotary: { ...config.rotary, scaling: { type: "default" } } });
      if (config.rotary.scaling.type !== "default") expect(unscaled, "the scaling of positions").toBeGreaterThan(1e-2);
    } else expect(changed({ activation: "gelu" }), "the form of GELU").toBeGreaterThan(1e-4);
    // Queries as large as if their products were not divided by the root of the head's size.
    const wide = (values: Float32Array) => {
      const parts = family === "gpt2" ? 3 : 1;
      return values.map((value, place) => (place % (24 * parts) < 24 || parts === 1 ? value * Math.sqrt(config.headSize) : value));
    };
    const queries = family === "gpt2" ? "transformer.h.0.attn.c_attn.weight" : "model.layers.0.self_attn.q_proj.weight";
    expect(without(queries, wide), "the scale of scores").toBeGreaterThan(1e-2);
    expect(changed({ normEpsilon: 1 }), "the norms' epsilon").toBeGreaterThan(1e-2);
  });
});
