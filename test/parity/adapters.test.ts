import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isDecoder } from "#core/models/modelConfig.js";
import { resolveOptimizer } from "#core/optimizers/resolveOptimizer.js";
import type { Gradient } from "#engine/gradient.js";
import { type AdaptedModel, adaptModel, mergedParameters, trainedParameters } from "#engine/models/adapter.js";
import * as causalModel from "#engine/models/causalModel.js";
import { infer } from "#engine/models/decoder.js";
import { loadModel } from "#engine/models/loadModel.js";
import type { Model } from "#engine/models/model.js";
import { disposeBatch, packBatch } from "#engine/models/packBatch.js";
import { lossAndGradients, predictLogits } from "#engine/models/sequenceModel.js";
import { createOptimizer } from "#engine/optimizer/createOptimizer.js";
import { matMul } from "#engine/ops.js";
import { createParameterStore } from "#engine/parameterStore.js";
import { tf } from "#engine/tensorflow.js";
import { clippingFactor, globalNorm } from "#engine/training/globalNorm.js";
import { adamw, expectGradients, expectLogits, goldens, type GoldenRecipe, type GoldenStep, readGolden, readTensors } from "./support.js";

// Goldens: see make_decoder_goldens.py, which makes them with peft.

interface LoraGolden {
  recipe: GoldenRecipe;
  loss: number;
  logits: number[][];
  merged: number[][];
  steps: GoldenStep[];
}

const cases = [
  { family: "gpt2", targets: ["c_attn"], rslora: false },
  { family: "llama", targets: ["q_proj", "v_proj"], rslora: true },
  { family: "bert", targets: ["query", "value"], rslora: false },
];

describe.each(cases)("an adapter on a small random $family", ({ family, targets, rslora }) => {
  /** The model with the adapter that peft wrote. */
  async function adapted(): Promise<AdaptedModel> {
    const head = family === "bert" ? ({ task: "classification", classes: 2 } as const) : ({ task: "causal_lm" } as const);
    const loaded = await loadModel(join(goldens, `tiny-${family}`), head, { seed: 0, field: "model" });
    const model = adaptModel(loaded, { rank: 4, alpha: 8, dropout: 0, targets, rslora }, { seed: 0, field: "targets" });
    const saved = await readTensors(`tiny-${family}-lora/adapter_model.safetensors`);
    const names = [...saved.keys()].map((name) => name.replace("base_model.model.", ""));
    expect([...(model.trained ?? [])].toSorted()).toEqual(names.toSorted());
    for (const [name, { shape, values }] of saved) model.parameters.set(name.replace("base_model.model.", ""), values, shape);
    return model;
  }

  async function examples(): Promise<{ ids: number[]; types: number[]; label: number; completion: number }[]> {
    const { rows } = await readGolden<{ rows: { ids: number[]; types?: number[]; label?: number; begin?: number }[] }>(
      family === "bert" ? "tiny-bert.json" : `tiny-${family}-causal.json`,
    );
    return rows.map(({ ids, types, label = 0, begin = 1 }) => ({ ids, types: types ?? ids.map(() => 0), label, completion: begin }));
  }

  async function logitsOf(model: Model): Promise<number[]> {
    const rows = await examples();
    const { config, parameters } = model;
    return tf.tidy(() => {
      if (!isDecoder(config)) return Array.from(predictLogits(model, packBatch(rows, config)).dataSync()) as never;
      const first = rows.slice(0, 1);
      const head = parameters.get(config.tied ? (parameters.names[0] as string) : "lm_head.weight");
      const logits = matMul(infer({ ...model, config }, packBatch(first, config)), head, false, true);
      return Array.from(tf.slice(logits, [0, 0], [first[0]?.ids.length ?? 0, config.vocabSize]).dataSync()) as never;
    });
  }

  async function gradientsOf(model: AdaptedModel): Promise<{ loss: number; gradients: Map<string, Gradient> }> {
    const rows = await examples();
    const { config } = model;
    const batch = packBatch(rows, config);
    const gradients = new Map<string, Gradient>();
    const sink = (name: string, gradient: Gradient) => void gradients.set(name, gradient);
    const predicted = isDecoder(config) ? rows.reduce((sum, row) => sum + causalModel.predictedTokens(row), 0) : rows.length;
    const options = { lossWeight: 1 / predicted, key: undefined, sink };
    const { lossSum } = isDecoder(config)
      ? causalModel.lossAndGradients({ ...model, config }, batch, rows, options)
      : lossAndGradients(model, batch, { ...options, targets: rows.map(({ label }) => label) });
    disposeBatch(batch);
    return { loss: lossSum / predicted, gradients };
  }

  it("has peft's logits, loss and gradients, of the adapter alone", async () => {
    const golden = await readGolden<LoraGolden>(`tiny-${family}-lora.json`);
    const model = await adapted();
    expectLogits(await logitsOf(model), golden.logits.flat());
    const { loss, gradients } = await gradientsOf(model);
    expect(Math.abs(loss / golden.loss - 1)).toBeLessThan(1e-5);
    await expectGradients(gradients, `tiny-${family}-lora-gradients.safetensors`, (name) =>
      name.replace("base_model.model.", "").replace(/\.(default|modules_to_save\.default)(?=\.)/, ""),
    );
    for (const gradient of gradients.values()) gradient.dispose();
    model.parameters.dispose();
  });

  it("takes 30 steps of AdamW as peft's does, and leaves the rest of the model as it is", async () => {
    const { recipe, steps } = await readGolden<LoraGolden>(`tiny-${family}-lora.json`);
    const model = await adapted();
    const frozen = model.parameters.names.filter((name) => !model.trained?.has(name));
    const before = frozen.map((name) => Array.from(model.parameters.get(name).dataSync()));
    const parameters = trainedParameters(model);
    const optimizer = createOptimizer({
      optimizer: resolveOptimizer({ ...adamw(recipe), groups: [{ pattern: "*", decayed: true }] }),
      parameters,
    });
    for (const [index, expected] of steps.entries()) {
      const { loss, gradients } = await gradientsOf(model);
      const norm = globalNorm(gradients.values());
      expect(Math.abs(loss / expected.loss - 1), `loss of step ${index + 1}`).toBeLessThan(1e-5);
      expect(Math.abs(norm / expected.gradNorm - 1), `gradient norm of step ${index + 1}`).toBeLessThan(5e-5);
      const gradientScale = clippingFactor(norm, recipe.maxGradNorm);
      optimizer.update(gradients, { learningRate: recipe.learningRate, step: index + 1, gradientScale });
      for (const gradient of gradients.values()) gradient.dispose();
    }
    expect(frozen.map((name) => Array.from(model.parameters.get(name).dataSync()))).toEqual(before);
    expect(optimizer.state().size).toBe(2 * parameters.names.length);
    optimizer.dispose();
    model.parameters.dispose();
  });

  it("merges into a model with the same logits, as peft's does", async () => {
    const golden = await readGolden<LoraGolden>(`tiny-${family}-lora.json`);
    const model = await adapted();
    const merged = mergedParameters(model);
    const whole = createParameterStore();
    for (const name of merged.parameters.names) whole.assign(name, merged.parameters.get(name).clone());
    merged.dispose();
    const { adapter: _adapter, ...plain } = model;
    expectLogits(await logitsOf({ ...plain, parameters: whole }), golden.merged.flat());
    whole.dispose();
    model.parameters.dispose();
  });

  it("says nothing when it is new: the logits are the base model's", async () => {
    const head = family === "bert" ? ({ task: "classification", classes: 2 } as const) : ({ task: "causal_lm" } as const);
    const loaded = await loadModel(join(goldens, `tiny-${family}`), head, { seed: 0, field: "model" });
    const base = await logitsOf(loaded);
    const settings = { rank: 4, alpha: 8, dropout: 0.5, targets: ["all-linear"], rslora };
    const model = adaptModel(loaded, settings, { seed: 1, field: "targets" });
    expect(await logitsOf(model)).toEqual(base);
    const drawn = Array.from(model.parameters.get(`${model.layers[0]?.name}.lora_A.weight`).dataSync());
    const bound = 1 / Math.sqrt(model.layers[0]?.inputs ?? 0);
    expect(Math.max(...drawn.map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(Math.max(...drawn)).toBeGreaterThan(0.8 * bound);
    expect(Math.min(...drawn)).toBeLessThan(-0.8 * bound);
    model.parameters.dispose();
  });
});
