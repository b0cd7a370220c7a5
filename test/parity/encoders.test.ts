import { open, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { describe, expect, it } from "vitest";
import { lossAndGradients, predictLogits } from "#engine/models/sequenceModel.js";
import { loadModel, type LoadedModel } from "#engine/models/loadModel.js";
import { readFloats, readTensorEntries } from "#engine/models/modelFiles.js";
import { disposeBatch, packBatch } from "#engine/models/packBatch.js";
import { type Encode, loadTokenizer } from "#engine/models/tokenizer.js";
import { defaultModelFolder } from "#local/defaultModel.js";

// Goldens: see make_goldens.py, which makes them with PyTorch and transformers.

interface Row {
  text: string;
  textPair?: string;
  label: number;
  ids: number[];
  types: number[];
  logits: number[];
}

const goldens = fileURLToPath(new URL("goldens", import.meta.url));
const read = async <T>(name: string) => JSON.parse(await readFile(join(goldens, name), "utf8")) as T;
const minilm = defaultModelFolder();

describe.each(["bert", "distilbert", "roberta"])("a small random %s", (family) => {
  const tiny = join(goldens, `tiny-${family}`);

  it("has transformers' token ids, logits and loss", async () => {
    const golden = await read<{ rows: Row[]; maxLength: number; loss: number }>(`tiny-${family}.json`);
    const model = await loadModel(tiny, { kind: "sequence", outputs: 2 }, { seed: 0, field: "model" });
    expect(model.created).toEqual([]);
    const encode = await loadTokenizer(tiny, golden.maxLength, { config: model.config });
    expectLogits(model, encode, golden.rows);
    const { lossSum, gradients } = gradientsOf(model, golden.rows);
    expect(lossSum / golden.rows.length).toBeCloseTo(golden.loss, 5);
    for (const gradient of gradients.values()) gradient.dispose();
    model.parameters.dispose();
  });

  it("has PyTorch's gradient of every parameter", async () => {
    const golden = await read<{ rows: Row[] }>(`tiny-${family}.json`);
    const model = await loadModel(tiny, { kind: "sequence", outputs: 2 }, { seed: 0, field: "model" });
    const { gradients } = gradientsOf(model, golden.rows);
    const file = await open(join(goldens, `tiny-${family}-gradients.safetensors`));
    const { tensors } = await readTensorEntries({ file, stats: await file.stat({ bigint: true }) }, "gradients");
    expect([...gradients.keys()].toSorted()).toEqual([...(tensors?.keys() ?? [])].toSorted());
    for (const [name, entry] of tensors ?? []) {
      const expected = await readFloats(file, entry);
      const actual = gradients.get(name)?.dataSync() ?? [];
      expect(gradients.get(name)?.shape, name).toEqual(entry.shape);
      const worst = Math.max(...expected.map((value, index) => Math.abs(value - (actual[index] ?? Number.NaN))));
      expect(worst, name).toBeLessThan(2e-5);
    }
    await file.close();
    for (const gradient of gradients.values()) gradient.dispose();
    model.parameters.dispose();
  });
});

describe("MiniLM", () => {
  it("has transformers' token ids and logits", async () => {
    const golden = await read<{ rows: Row[]; maxLength: number; head: { weight: number[][]; bias: number[] } }>("minilm.json");
    const model = await loadModel(minilm, { kind: "sequence", outputs: 3 }, { seed: 0, field: "model" });
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
  expect(encodings).toEqual(rows.map(({ ids, types }) => ({ ids, types })));
  const batch = packBatch(encodings, model.config);
  const logits = predictLogits(model, batch);
  const values = logits.dataSync();
  for (const [place, expected] of rows.flatMap((row) => row.logits).entries())
    expect(Math.abs((values[place] as number) - expected), `logit ${place}`).toBeLessThan(1e-4);
  disposeBatch(batch);
  logits.dispose();
}

function gradientsOf(model: LoadedModel, rows: readonly Row[]): { lossSum: number; gradients: Map<string, Tensor> } {
  const batch = packBatch(rows, model.config);
  const gradients = new Map<string, Tensor>();
  const { lossSum } = lossAndGradients(model, batch, {
    labels: rows.map(({ label }) => label),
    lossWeight: 1 / rows.length,
    key: undefined,
    sink: (name, gradient) => gradients.set(name, gradient),
  });
  disposeBatch(batch);
  return { lossSum, gradients };
}
