import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encoderNames } from "#core/models/encoderParameters.js";
import { isDecoder } from "#core/models/modelConfig.js";
import { resolveOptimizer } from "#core/optimizers/resolveOptimizer.js";
import type { Gradient } from "#engine/gradient.js";
import { loadModel, type LoadedModel } from "#engine/models/loadModel.js";
import type { Model } from "#engine/models/model.js";
import { disposeBatch, packBatch } from "#engine/models/packBatch.js";
import { lossAndGradients, predictLogits } from "#engine/models/sequenceModel.js";
import { type Encode, loadTokenizer } from "#engine/models/tokenizer.js";
import { createOptimizer } from "#engine/optimizer/createOptimizer.js";
import { clippingFactor, globalNorm } from "#engine/training/globalNorm.js";
import { stepGradients } from "#engine/training/stepGradients.js";
import { defaultModelFolder } from "#local/defaultModel.js";
import { adamw, expectGradients, goldens, type GoldenRecipe, type GoldenStep, readGolden } from "./support.js";

// Goldens: see make_goldens.py, which makes them with PyTorch and transformers.

interface Row {
  text: string;
  textPair?: string;
  label: number;
  ids: number[];
  types: number[];
  logits: number[];
}

const head = { task: "classification", classes: 2 } as const;
const minilm = defaultModelFolder();

describe.each(["bert", "distilbert", "roberta"])("a small random %s", (family) => {
  const tiny = join(goldens, `tiny-${family}`);

  it("has transformers' token ids, logits and loss", async () => {
    const golden = await readGolden<{ rows: Row[]; maxLength: number; loss: number }>(`tiny-${family}.json`);
    const model = await loadModel(tiny, head, { seed: 0, field: "model" });
    expect(model.created).toEqual([]);
    const encode = await loadTokenizer(tiny, golden.maxLength, { config: model.config });
    expectLogits(model, encode, golden.rows);
    const { lossSum, gradients } = gradientsOf(model, golden.rows);
    expect(lossSum / golden.rows.length).toBeCloseTo(golden.loss, 5);
    for (const gradient of gradients.values()) gradient.dispose();
    model.parameters.dispose();
  });

  it("has PyTorch's gradient of every parameter", async () => {
    const golden = await readGolden<{ rows: Row[] }>(`tiny-${family}.json`);
    const model = await loadModel(tiny, head, { seed: 0, field: "model" });
    const { gradients } = gradientsOf(model, golden.rows);
    await expectGradients(gradients, `tiny-${family}-gradients.safetensors`);
    for (const gradient of gradients.values()) gradient.dispose();
    model.parameters.dispose();
  });

  it("takes 30 steps of AdamW as PyTorch does", async () => {
    const { recipe, steps } = await readGolden<{ recipe: GoldenRecipe; steps: (GoldenStep & { rows: number[] })[] }>(
      `tiny-${family}-adamw.json`,
    );
    const { rows } = await readGolden<{ rows: Row[] }>(`tiny-${family}.json`);
    const model = await loadModel(tiny, head, { seed: 0, field: "model" });
    const optimizer = createOptimizer({ optimizer: resolveOptimizer(adamw(recipe)), parameters: model.parameters });
    for (const [index, golden] of steps.entries()) {
      const examples = golden.rows
        .map((row) => rows[row] as Row)
        .map(({ ids, types, label }) => ({ encoding: { ids, types }, label, completion: 1 }));
      const { loss, gradients } = await stepGradients(model, examples, { microBatchTokens: 4096, dropout: undefined });
      const norm = globalNorm(gradients.values());
      expect(Math.abs(loss / golden.loss - 1), `loss of step ${index + 1}`).toBeLessThan(1e-5);
      expect(Math.abs(norm / golden.gradNorm - 1), `gradient norm of step ${index + 1}`).toBeLessThan(5e-5);
      const gradientScale = clippingFactor(norm, recipe.maxGradNorm);
      optimizer.update(gradients, { learningRate: recipe.learningRate, step: index + 1, gradientScale });
      for (const gradient of gradients.values()) gradient.dispose();
    }
    optimizer.dispose();
    model.parameters.dispose();
  });

  it("shows every part that is left out in its logits, a hundred times above the tolerance", async () => {
    const { rows } = await readGolden<{ rows: Row[] }>(`tiny-${family}.json`);
    const model = await loadModel(tiny, head, { seed: 0, field: "model" });
    const { parameters, config } = model;
    if (isDecoder(config)) throw new Error("an encoder is needed");
    const logitsOf = (changed: Model = model) => {
      const batch = packBatch(rows, changed.config);
      const logits = predictLogits(changed, batch);
      const values = Array.from(logits.dataSync());
      logits.dispose();
      disposeBatch(batch);
      return values;
    };
    const whole = logitsOf();
    const scale = Math.max(...whole.map(Math.abs));
    const moved = (logits: readonly number[]) =>
      Math.max(...logits.map((value, place) => Math.abs(value - (whole[place] as number)))) / scale;
    const without = (name: string, change: (values: Float32Array) => Float32Array): number => {
      const { shape } = parameters.get(name);
      const values = Float32Array.from(parameters.get(name).dataSync());
      parameters.set(name, change(values.slice()), shape);
      const difference = moved(logitsOf());
      parameters.set(name, values, shape);
      return difference;
    };
    for (const name of parameters.names) {
      // The keys' bias adds the same to all scores of a query: nothing is to be seen of it. RoBERTa has one type, the same for all tokens.
      if (/key\.bias$|k_lin\.bias$/.test(name) || (config.typeVocabSize === 1 && name.includes("token_type"))) continue;
      const isGain = /layer_?norm\.weight$/i.test(name);
      expect(
        without(name, (values) => values.fill(isGain ? 1 : 0)),
        name,
      ).toBeGreaterThan(1e-2);
    }
    const queries = encoderNames[config.family].layer(0).query;
    const wider = (values: Float32Array) => values.map((value) => value * Math.sqrt(config.hiddenSize / config.heads));
    expect(without(`${queries}.weight`, wider), "the scale of scores").toBeGreaterThan(1e-2);
    expect(moved(logitsOf({ ...model, config: { ...config, layerNormEpsilon: 1 } })), "the norms' epsilon").toBeGreaterThan(1e-2);
    parameters.dispose();
  });
});

describe("MiniLM", () => {
  it("has transformers' token ids and logits", async () => {
    const golden = await readGolden<{ rows: Row[]; maxLength: number; head: { weight: number[][]; bias: number[] } }>("minilm.json");
    const model = await loadModel(minilm, { task: "classification", classes: 3 }, { seed: 0, field: "model" });
    expect(model.created).toEqual(["classifier.weight", "classifier.bias"]);
    model.parameters.set("classifier.weight", Float32Array.from(golden.head.weight.flat()), [3, 384]);
    model.parameters.set("classifier.bias", Float32Array.from(golden.head.bias), [3]);
    const encode = await loadTokenizer(minilm, golden.maxLength);
    expectLogits(model, encode, golden.rows);
    model.parameters.dispose();
  });
});

function expectLogits(model: LoadedModel, encode: Encode, rows: readonly Row[]): void {
  const encodings = rows.map(({ text, textPair }) => encode(text, textPair));
  expect(encodings.map(({ ids, types }) => ({ ids, types }))).toEqual(rows.map(({ ids, types }) => ({ ids, types })));
  const batch = packBatch(encodings, model.config);
  const logits = predictLogits(model, batch);
  const values = logits.dataSync();
  for (const [place, expected] of rows.flatMap((row) => row.logits).entries())
    expect(Math.abs((values[place] as number) - expected), `logit ${place}`).toBeLessThan(1e-4);
  disposeBatch(batch);
  logits.dispose();
}

function gradientsOf(model: LoadedModel, rows: readonly Row[]): { lossSum: number; gradients: Map<string, Gradient> } {
  const batch = packBatch(rows, model.config);
  const gradients = new Map<string, Gradient>();
  const { lossSum } = lossAndGradients(model, batch, {
    targets: rows.map(({ label }) => label),
    lossWeight: 1 / rows.length,
    key: undefined,
    sink: (name, gradient) => gradients.set(name, gradient),
  });
  disposeBatch(batch);
  return { lossSum, gradients };
}
