import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FaultError } from "#core/fault.js";
import { inspectModel } from "./inspectModel.js";
import { loadModel } from "./loadModel.js";
import { saveModel } from "./saveModel.js";

const tiny = fileURLToPath(new URL("../../../test/parity/goldens/tiny-bert", import.meta.url));
let folder = "";
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "stepwire-model-")), "model");
  await cp(tiny, folder, { recursive: true });
});
afterEach(() => rm(join(folder, ".."), { recursive: true, force: true }));

const load = (from: string, classes?: number, seed = 0) =>
  loadModel(from, classes === undefined ? undefined : { task: "classification", classes: classes }, { seed, field: "training_job.model" });
const faultsOf = (from: string) =>
  inspectModel(from, "training_job.model").then(
    () => [],
    (error: unknown) => (error instanceof FaultError ? [...error.faults] : []),
  );

describe("a model folder", () => {
  it("is inspected without loading TensorFlow", async () => {
    const { config, parameters, tensors } = await inspectModel(folder, "training_job.model");
    expect(config.layers).toBe(2);
    expect(parameters).toBe(await countParameters(folder));
    expect(tensors.get("classifier.weight")?.shape).toEqual([2, 32]);
  });

  it("is refused with everything that is missing at once", async () => {
    await rm(folder, { recursive: true });
    const faults = await faultsOf(folder);
    expect(faults.map(({ reason, field }) => [reason, field])).toEqual(Array(3).fill(["MISSING_FILE", "training_job.model"]));
    expect(faults.map(({ description }) => /has no ([^;]+);/.exec(description)?.[1])).toEqual([
      "config.json",
      "tokenizer.json",
      "model.safetensors",
    ]);
  });

  it("is refused when its weights are cut off or not there", async () => {
    const path = join(folder, "model.safetensors");
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - 7));
    expect((await faultsOf(folder)).map(({ reason, description }) => [reason, description])).toEqual([
      ["CORRUPT", expect.stringContaining("it is truncated")],
    ]);
    await writeFile(path, "");
    expect((await faultsOf(folder))[0]?.description).toBe("model.safetensors has 0 bytes, too few for a safetensors file");
  });

  it("is told of a broken configuration alone, not of what its tokenizer would lack for another model", async () => {
    await rm(folder, { recursive: true });
    await cp(join(tiny, "..", "tiny-gpt2"), folder, { recursive: true });
    const config = JSON.parse(await readFile(join(folder, "config.json"), "utf8")) as object;
    await writeFile(join(folder, "config.json"), JSON.stringify({ ...config, activation_function: "relu" }));
    expect((await faultsOf(folder)).map(({ description }) => description)).toEqual([
      'config.json: activation_function is "relu"; allowed: "gelu_new", "gelu_pytorch_tanh", "gelu"',
    ]);
  });

  it("is refused when tensors do not fit the configuration", async () => {
    const config = JSON.parse(await readFile(join(folder, "config.json"), "utf8")) as object;
    await writeFile(join(folder, "config.json"), JSON.stringify({ ...config, intermediate_size: 65, num_hidden_layers: 3 }));
    const faults = await faultsOf(folder);
    expect(faults.filter(({ reason }) => reason === "MISSHAPEN_TENSOR").length).toBe(6);
    expect(faults.filter(({ reason }) => reason === "MISSING_TENSOR").length).toBe(16);
    expect(faults[0]?.description).toBe(
      'model.safetensors: tensor "bert.encoder.layer.0.intermediate.dense.weight" has shape [64, 32]; config.json asks for [65, 32]',
    );
  });
});

describe("loading and saving", () => {
  it("keeps a classifier of as many classes and draws a new one from the seed otherwise", async () => {
    const kept = await load(folder, 2);
    expect(kept.created).toEqual([]);
    const [first, again, other] = await Promise.all([load(folder, 5, 1), load(folder, 5, 1), load(folder, 5, 2)]);
    expect(first.created).toEqual(["classifier.weight", "classifier.bias"]);
    const head = (model: typeof first) => Array.from(model.parameters.get("classifier.weight").dataSync());
    expect(head(first)).toEqual(head(again));
    expect(head(first)).not.toEqual(head(other));
    const deviation = Math.sqrt(head(first).reduce((sum, value) => sum + value * value, 0) / 160);
    expect(deviation).toBeGreaterThan(0.015);
    expect(deviation).toBeLessThan(0.025);
    expect(Array.from(first.parameters.get("classifier.bias").dataSync())).toEqual([0, 0, 0, 0, 0]);
  });

  it("gives back the same bits, under the class names, and leaves nothing beside the folder", async () => {
    const model = await load(folder, 2);
    const target = join(folder, "..", "saved", "checkpoint");
    const options = {
      sourceFolder: folder,
      task: { task: "classification" as const, classes: ["no", "yes"] },
      parameters: model.parameters,
    };
    const digest = await saveModel(target, options);
    const loaded = await load(target);
    expect(loaded.head).toEqual({ task: "classification", classes: 2 });
    for (const name of model.parameters.names)
      expect(loaded.parameters.get(name).dataSync(), name).toEqual(model.parameters.get(name).dataSync());
    expect(await saveModel(target, options)).toBe(digest);
    expect(await readdir(join(target, ".."))).toEqual(["checkpoint"]);
    expect((await readdir(target)).toSorted()).toEqual(["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]);
    const config = JSON.parse(await readFile(join(target, "config.json"), "utf8")) as Record<string, unknown>;
    expect(config).toMatchObject({
      architectures: ["BertForSequenceClassification"],
      num_labels: 2,
      id2label: { 0: "no", 1: "yes" },
      label2id: { no: 0, yes: 1 },
    });
  });

  it("says that an encoder without a head cannot predict", async () => {
    const model = await load(folder, 2);
    const names = model.parameters.names.filter((name) => !name.startsWith("classifier"));
    const target = join(folder, "..", "headless");
    await saveModel(target, {
      sourceFolder: folder,
      task: { task: "classification", classes: ["a", "b"] },
      parameters: { ...model.parameters, names },
    });
    await expect(load(target)).rejects.toThrow("has no classifier; it is an encoder that was not fine-tuned");
  });
});

async function countParameters(from: string): Promise<number> {
  const model = await load(from, 2);
  const count = model.parameters.names
    .filter((name) => !name.startsWith("classifier"))
    .reduce((sum, name) => sum + model.parameters.get(name).size, 0);
  model.parameters.dispose();
  return count;
}
