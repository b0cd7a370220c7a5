import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FaultError } from "#core/fault.js";
import { decoderNames } from "#core/models/decoderParameters.js";
import { encoderNames } from "#core/models/encoderParameters.js";
import { isDecoder, type ModelConfig, parseModelConfig } from "#core/models/modelConfig.js";
import type { ShouldStop } from "../cancellation.js";
import type { Parameters } from "../parameters.js";
import { openJson, oversize, readBytes, refuse } from "./modelFiles.js";
import { missingFile, type ModelFolder, modelFolder, openModelFile, tokenizerFiles } from "./modelFolder.js";
import { weightsDigest } from "./weightsDigest.js";
import { bytesOf, writeSafetensors, type WrittenTensor } from "./writeSafetensors.js";

/** What a saved model says of texts. */
export type SavedTask =
  /** One of the classes, whose names are in the order of their ids. */
  | { task: "classification"; classes: readonly string[] }
  /** A number. */
  | { task: "regression" }
  /** The next token. */
  | { task: "causal_lm" };

/**
 * Fills a folder that `transformers` opens as a model of the family for the task: config.json, model.safetensors and the tokenizer. Whoever
 * wants the folder whole or not at all gives one that takes its name later.
 * @param options.sourceFolder where config.json and the tokenizer come from; a path: a folder that this program made
 * @param options.parameters a tensor that it gives has to be valid until the next one is asked for
 * @returns the digest of the weights
 * @throws FaultError when a file of the source cannot be copied; Cancelled
 */
export async function saveModel(
  folder: string,
  options: { sourceFolder: ModelFolder | string; task: SavedTask; parameters: Pick<Parameters, "names" | "get">; shouldStop?: ShouldStop },
): Promise<string> {
  const { task, parameters, shouldStop = () => false } = options;
  const source = modelFolder(options.sourceFolder);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "config.json"), await savedConfig(source, task));
  for (const name of tokenizerFiles) await copy(source, name, join(folder, name));
  const tensors = parameters.names.toSorted().map((name): WrittenTensor => {
    const { shape } = parameters.get(name);
    // Asked for again when its turn comes: what was given now may be gone then.
    return { name, dtype: "F32", shape, bytes: () => bytesOf(parameters.get(name).dataSync<"float32">()) };
  });
  await writeSafetensors(join(folder, "model.safetensors"), tensors, { metadata: { format: "pt" }, shouldStop });
  return await weightsDigest(parameters, shouldStop);
}

async function copy(source: ModelFolder, name: string, target: string): Promise<void> {
  const opened = await openModelFile(source, name, field);
  if (opened === undefined) return;
  try {
    const fault = oversize(opened, name, field);
    if (fault !== undefined) refuse([fault]);
    await writeFile(target, await readBytes(opened.file, 0, Number(opened.stats.size)));
  } finally {
    await opened.file.close();
  }
}

/** The source was fine when the model was loaded from it: what is wrong with it now came since. */
const field = "training_job.model";

async function savedConfig(folder: ModelFolder, task: SavedTask): Promise<string> {
  const read = await openJson(folder, "config.json", field);
  if (read === undefined) throw new FaultError([missingFile(folder, "config.json", field)]);
  const source = read.json as Record<string, unknown>;
  const { config, faults } = parseModelConfig(source, field);
  if (!config) throw new FaultError(faults);
  // Left over from the folder it was read from; it names where that one came from.
  delete source._name_or_path;
  const saved = {
    ...source,
    architectures: [architecture(config, task)],
    ...taskSettings(config, task),
    dtype: "float32",
    torch_dtype: "float32",
  };
  return `${JSON.stringify(saved, null, 2)}\n`;
}

function architecture(config: ModelConfig, { task }: SavedTask): string {
  if (!isDecoder(config)) return encoderNames[config.family].architecture;
  const { language, classifier } = decoderNames[config.family].architectures;
  return task === "causal_lm" ? language : classifier;
}

function taskSettings(config: ModelConfig, task: SavedTask): Record<string, unknown> {
  if (task.task === "causal_lm") return {};
  // Transformers finds the last token of each text of a batch by what is not padding.
  const padding = isDecoder(config) && config.padToken === undefined ? { pad_token_id: config.endTokens[0] ?? 0 } : {};
  const names = task.task === "classification" ? task.classes : ["LABEL_0"];
  return {
    ...padding,
    problem_type: task.task === "classification" ? "single_label_classification" : "regression",
    num_labels: names.length,
    id2label: Object.fromEntries(names.map((name, id) => [String(id), name])),
    label2id: Object.fromEntries(names.map((name, id) => [name, id])),
  };
}
