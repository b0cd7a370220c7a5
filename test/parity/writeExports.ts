import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { adapterNames } from "#core/models/adapter.js";
import type { ModelHead } from "#core/models/modelParameters.js";
import { adaptModel, mergedParameters } from "#engine/models/adapter.js";
import { loadModel } from "#engine/models/loadModel.js";
import { adapterFolder, saveAdapter } from "#engine/models/saveAdapter.js";
import { type SavedTask, saveModel } from "#engine/models/saveModel.js";
import { predict, predictCompletions } from "#engine/prediction/predict.js";

// Writes exports of every family and task, and what the engine predicts with each, for check_exports.py.
// Usage: writeExports GOLDENS_FOLDER MINILM_FOLDER OUTPUT_FOLDER

const [goldens = "", miniLm = "", output = ""] = process.argv.slice(2);
if (output === "") throw new Error("usage: writeExports GOLDENS_FOLDER MINILM_FOLDER OUTPUT_FOLDER");
const maxLength = 48;
const classes = ["bad", "mixed", "good"];
const texts = [
  { text: "a good film with a warm heart" },
  { text: "Crème brûlée: not my kind of movie!" },
  { text: "is it worth the time ?", textPair: "the plot is thin and slow" },
  { text: "word ".repeat(100), textPair: "another word ".repeat(50) },
];
const completions = [
  { text: "the film is", textPair: " a good film with a warm heart" },
  { text: "", textPair: " Crème brûlée: not my kind of movie!" },
  { text: "word ".repeat(100), textPair: " and the plot is thin and slow" },
];
const noSignal = () => false;

/** What is written of each: where, from what, and with an adapter beside these layers. */
interface Export {
  name: string;
  source: string;
  task: SavedTask;
  targets?: readonly string[];
  rslora?: boolean;
}
const tiny = (family: string) => join(goldens, `tiny-${family}`);
const encoders = ["bert", "distilbert", "roberta"];
const decoders = ["gpt2", "llama", "qwen2"];
const exports: Export[] = [
  { name: "minilm-classifier", source: miniLm, task: { task: "classification", classes } },
  ...[...encoders, ...decoders].flatMap((family): Export[] => [
    { name: `${family}-classifier`, source: tiny(family), task: { task: "classification", classes } },
    { name: `${family}-regression`, source: tiny(family), task: { task: "regression" } },
  ]),
  ...decoders.map((family): Export => ({ name: `${family}-causal`, source: tiny(family), task: { task: "causal_lm" } })),
  { name: "bert-classifier-lora", source: tiny("bert"), task: { task: "classification", classes }, targets: ["query", "dense"] },
  {
    name: "roberta-classifier-lora",
    source: tiny("roberta"),
    task: { task: "classification", classes },
    targets: ["all-linear"],
    rslora: true,
  },
  { name: "distilbert-regression-lora", source: tiny("distilbert"), task: { task: "regression" }, targets: ["q_lin", "lin1"] },
  { name: "gpt2-causal-lora", source: tiny("gpt2"), task: { task: "causal_lm" }, targets: ["c_attn", "mlp.c_proj"] },
  { name: "llama-causal-lora", source: tiny("llama"), task: { task: "causal_lm" }, targets: ["all-linear"], rslora: true },
  { name: "qwen2-classifier-lora", source: tiny("qwen2"), task: { task: "classification", classes }, targets: ["k_proj", "gate_proj"] },
];

function headOf(task: SavedTask): ModelHead {
  return task.task === "classification" ? { task: "classification", classes: task.classes.length } : { task: task.task };
}

async function save({ name, source, task, targets, rslora = false }: Export): Promise<void> {
  const folder = join(output, name);
  const loaded = await loadModel(source, headOf(task), { seed: 1, field: "model" });
  try {
    if (!targets) return void (await saveModel(folder, { sourceFolder: source, task, parameters: loaded.parameters }));
    const model = adaptModel(loaded, { rank: 4, alpha: 8, dropout: 0, targets, rslora }, { seed: 2, field: "targets" });
    // A new adapter says nothing: this one does.
    for (const layer of model.layers) {
      const { shape, size } = model.parameters.get(adapterNames.b(layer.name));
      model.parameters.set(
        adapterNames.b(layer.name),
        Float32Array.from({ length: size }, (_, place) => Math.sin(place + 1) / 4),
        shape,
      );
    }
    const merged = mergedParameters(model);
    await saveModel(folder, { sourceFolder: source, task, parameters: merged.parameters });
    await saveAdapter(join(folder, adapterFolder), model, { baseModel: source, shouldStop: noSignal });
    merged.dispose();
  } finally {
    loaded.parameters.dispose();
  }
}

await mkdir(output, { recursive: true });
for (const each of exports) {
  await save(each);
  const folder = join(output, each.name);
  const rows: object[] = [];
  if (each.task.task === "causal_lm")
    await predictCompletions({ checkpointFolder: folder, examples: completions, maxLength }, (batch) => {
      for (const { index, losses } of batch) rows[index] = { ...completions[index], losses: Array.from(losses) };
    });
  else
    await predict({ checkpointFolder: folder, examples: texts, maxLength }, (batch) => {
      for (const { index, logits } of batch) rows[index] = { ...texts[index], logits };
    });
  const { task, name, source, targets } = each;
  await writeFile(
    join(folder, "predictions.json"),
    JSON.stringify({ name, task: task.task, source, hasAdapter: targets !== undefined, maxLength, rows }),
  );
}
