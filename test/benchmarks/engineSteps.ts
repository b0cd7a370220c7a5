import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { shuffledIndices } from "#core/random.js";
import { resolveOptimizer } from "#core/optimizers/resolveOptimizer.js";
import { validateOptimizer } from "#core/optimizers/validateOptimizer.js";
import { type AdaptedModel, adaptModel, trainedParameters } from "#engine/models/adapter.js";
import { loadModel, type LoadedModel } from "#engine/models/loadModel.js";
import { free } from "#engine/ops.js";
import { createOptimizer, type EngineOptimizer } from "#engine/optimizer/createOptimizer.js";
import type { EncodedExample } from "#engine/training/encodedExample.js";
import { peakMemoryBytes } from "#engine/training/environment.js";
import { clippingFactor } from "#engine/training/globalNorm.js";
import { takeGradients } from "#engine/training/takeGradients.js";

// Training steps of the engine, for engine.ts: asked with a line "CASE HOW COUNT", it answers with their seconds. The precision is that of the
// process's environment. Usage: node engineSteps.js FOLDER [SENTENCES]; see torch_steps.py.

const [folder = "", sentencesFile] = process.argv.slice(2);
interface Sentence {
  ids: number[];
  label: number;
}
const sentences = sentencesFile === undefined ? [] : (JSON.parse(readFileSync(sentencesFile, "utf8")) as Sentence[]);

interface Setup {
  model: LoadedModel | AdaptedModel;
  optimizer: EngineOptimizer;
  step: number;
}
const loaded = new Map<string, Promise<Setup>>();

async function load(name: string): Promise<Setup> {
  const head = name === "gpt2" ? ({ task: "causal_lm" } as const) : ({ task: "classification", classes: 2 } as const);
  const base = await loadModel(join(folder, name), head, { seed: 0, field: "model" });
  const lora = { rank: 8, alpha: 16, dropout: 0, targets: ["c_attn"], rslora: false };
  const model = name === "gpt2" ? adaptModel(base, lora, { seed: 0, field: "targets" }) : base;
  const { selection } = validateOptimizer({ name: "adamw", hyperparameters: { weight_decay: 0.01 } }, "optimizer");
  return { model, optimizer: createOptimizer({ optimizer: resolveOptimizer(selection), parameters: trainedParameters(model) }), step: 0 };
}

async function setup(name: string): Promise<Setup> {
  const found = loaded.get(name) ?? load(name);
  loaded.set(name, found);
  return await found;
}

async function takeStep(name: string, examples: readonly EncodedExample[]): Promise<number> {
  const state = await setup(name);
  state.step++;
  const begin = performance.now();
  const options = { microBatchTokens: 4096, seed: 1, step: state.step, learningRate: 1e-5, shouldStop: () => false };
  const { gradients, gradNorm } = await takeGradients(state.model, state.optimizer, examples, options);
  state.optimizer.update(gradients, { learningRate: 1e-5, step: state.step, gradientScale: clippingFactor(gradNorm, 1) });
  free(...gradients.values());
  return (performance.now() - begin) / 1000;
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}

function example(ids: number[], label: number): EncodedExample {
  return { encoding: { ids, types: ids.map(() => 0) }, label, completion: 1 };
}

let taken = 0;
const order = shuffledIndices(sentences.length, 1, "sentences");

async function run(name: string): Promise<number> {
  if (name === "sentences") {
    const chosen = Array.from({ length: 32 }, (_, place) => sentences[order[(taken + place) % order.length] ?? 0] ?? { ids: [], label: 0 });
    taken += 32;
    return await takeStep(
      "minilm",
      chosen.map(({ ids, label }) => example(ids, label)),
    );
  }
  const [model = "", shape = ""] = name.split(":");
  const [batch = 0, length = 0] = shape.split("x").map(Number);
  const { vocabSize } = (await setup(model)).model.config;
  const ids = () => Array.from({ length }, () => 1000 + random(vocabSize - 1000));
  return await takeStep(
    model,
    Array.from({ length: batch }, () => example(ids(), random(2))),
  );
}

process.stdout.write("{}\n");
for await (const line of createInterface({ input: process.stdin })) {
  const [name = "", , count] = line.split(" ");
  const answers: number[] = [];
  if (name === "memory") answers.push(peakMemoryBytes());
  else for (let each = 0; each < Number(count); each++) answers.push(await run(name));
  process.stdout.write(`${JSON.stringify(answers)}\n`);
}
