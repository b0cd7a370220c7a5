import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FaultError } from "#core/fault.js";
import { parseEncoderConfig } from "#core/models/encoderConfig.js";
import { encoderNames } from "#core/models/encoderParameters.js";
import type { ShouldStop } from "../cancellation.js";
import type { Parameters } from "../parameters.js";
import { openJson, oversize, readBytes, refuse } from "./modelFiles.js";
import { missingFile, type ModelFolder, modelFolder, openModelFile, tokenizerFiles } from "./modelFolder.js";
import { weightsDigest } from "./weightsDigest.js";
import { bytesOf, writeSafetensors, type WrittenTensor } from "./writeSafetensors.js";

/**
 * Fills a folder that `transformers` opens as the classifier of the model's family: config.json, model.safetensors and the tokenizer. Whoever wants
 * the folder whole or not at all gives one that takes its name later.
 * @param options.sourceFolder where config.json and the tokenizer come from; a path: a folder that this program made
 * @param options.classes names of the classes, in the order of their ids
 * @returns the digest of the weights
 * @throws FaultError when a file of the source cannot be copied; Cancelled
 */
export async function saveModel(
  folder: string,
  options: { sourceFolder: ModelFolder | string; classes: readonly string[]; parameters: Parameters; shouldStop?: ShouldStop },
): Promise<string> {
  const { classes, parameters, shouldStop = () => false } = options;
  const source = modelFolder(options.sourceFolder);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "config.json"), await classifierConfig(source, classes));
  for (const name of tokenizerFiles) await copy(source, name, join(folder, name));
  const tensors = parameters.names.toSorted().map((name): WrittenTensor => {
    const tensor = parameters.get(name);
    return { name, dtype: "F32", shape: tensor.shape, bytes: () => bytesOf(tensor.dataSync<"float32">()) };
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

async function classifierConfig(folder: ModelFolder, classes: readonly string[]): Promise<string> {
  const read = await openJson(folder, "config.json", field);
  if (read === undefined) throw new FaultError([missingFile(folder, "config.json", field)]);
  const source = read.json as Record<string, unknown>;
  const parsed = parseEncoderConfig(source, field);
  refuse(parsed.faults);
  const family = parsed.config?.family ?? "bert";
  // Left over from the folder it was read from; it names where that one came from.
  delete source._name_or_path;
  const config = {
    ...source,
    architectures: [encoderNames[family].architecture],
    problem_type: "single_label_classification",
    num_labels: classes.length,
    id2label: Object.fromEntries(classes.map((name, id) => [String(id), name])),
    label2id: Object.fromEntries(classes.map((name, id) => [name, id])),
    dtype: "float32",
    torch_dtype: "float32",
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
