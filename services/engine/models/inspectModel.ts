import { setImmediate } from "node:timers/promises";
import { type Fault, FaultError } from "#core/fault.js";
import { type EncoderConfig, parseEncoderConfig } from "#core/models/encoderConfig.js";
import { encoderShapes, matchParameters, parameterCount } from "#core/models/encoderParameters.js";
import type { TensorEntry } from "#core/models/safetensorsHeader.js";
import { FileChanged, oversize, readJson, readTensorEntries } from "./modelFiles.js";
import { missingFile, type ModelFile, type ModelFolder, modelFolder, openModelFile, tokenizerFiles } from "./modelFolder.js";
import { tokenizerFaults } from "./tokenizer.js";

/** What a model folder holds. */
export interface ModelInspection {
  config: EncoderConfig;
  /** Numbers in the encoder and its pooler; the head is not counted. */
  parameters: number;
  /** The file's tensors under their names in the classifier of the model's family. */
  tensors: ReadonlyMap<string, TensorEntry>;
}

const needed = ["config.json", "tokenizer.json", "model.safetensors"] as const;

/** Folders that were inspected last, by what their files were. A tokenizer of 17 MB takes a quarter of a second to check. */
const inspected = new Map<string, Promise<ModelInspection>>();
const maxInspected = 16;

/**
 * Checks a Hugging Face model folder without loading TensorFlow or the weights. A folder whose files have not changed is not read again.
 * @param source a path: a folder that this program made
 * @param field the path that faults are reported under, for example "training_job.model"
 * @throws FaultError with everything that is wrong: files that are missing, unreadable, corrupt or too large, or that lead out of the allowed
 *   roots; settings the engine does not support; tensors and tokens that are missing or do not fit
 */
export async function inspectModel(source: ModelFolder | string, field: string): Promise<ModelInspection> {
  const folder = modelFolder(source);
  const faults: Fault[] = [];
  const files = new Map<string, ModelFile>();
  try {
    for (const name of new Set([...needed, ...tokenizerFiles])) {
      const opened = await openModelFile(folder, name, field).catch((error: unknown) => {
        if (!(error instanceof FaultError)) throw error;
        faults.push(...error.faults);
        return "refused" as const;
      });
      if (opened === undefined && (needed as readonly string[]).includes(name)) faults.push(missingFile(folder, name, field));
      else if (opened !== undefined && opened !== "refused") files.set(name, opened);
    }
    if (faults.length > 0) throw new FaultError(faults);
    return await remembered(JSON.stringify([field, folder.name, ...[...files].map(identity)]), () => inspect(files, field));
  } finally {
    await Promise.all([...files.values()].map(({ file }) => file.close()));
  }
}

/** Changes when the file is written to or another takes its place. */
function identity([name, { stats }]: [string, ModelFile]): string {
  return [name, stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(" ");
}

async function remembered(key: string, inspect: () => Promise<ModelInspection>): Promise<ModelInspection> {
  const known = inspected.get(key);
  // Put at the end: the first is the one that was asked for longest ago.
  inspected.delete(key);
  const result = known ?? inspect();
  inspected.set(key, result);
  for (const oldest of inspected.keys()) if (inspected.size > maxInspected) inspected.delete(oldest);
  try {
    return await result;
  } catch (error) {
    // A fault of the files stays one until they change; a disk that failed may work again.
    if (!(error instanceof FaultError) && inspected.get(key) === result) inspected.delete(key);
    throw error;
  }
}

async function inspect(files: ReadonlyMap<string, ModelFile>, field: string): Promise<ModelInspection> {
  try {
    return await check(files, field);
  } catch (error) {
    if (!(error instanceof FileChanged)) throw error;
    throw new FaultError([{ field, reason: "CORRUPT", description: "a file of the model changed while it was read; try again" }]);
  }
}

async function check(files: ReadonlyMap<string, ModelFile>, field: string): Promise<ModelInspection> {
  const faults = [...files].flatMap(([name, file]) => (name === "model.safetensors" ? [] : (oversize(file, name, field) ?? [])));
  const json = async (name: string): Promise<{ json: unknown } | undefined> => {
    const file = files.get(name);
    const read = file && (await readJson(file, name, field));
    faults.push(...(read?.faults ?? []));
    return read?.faults.length === 0 ? { json: read.json } : undefined;
  };
  const configFile = await json("config.json");
  const parsed = configFile && parseEncoderConfig(configFile.json, field);
  faults.push(...(parsed?.faults ?? []));
  const config = parsed?.config;
  const [tokenizer, tokenizerConfig] = [await json("tokenizer.json"), await json("tokenizer_config.json")];
  await setImmediate();
  if (tokenizer) faults.push(...tokenizerFaults(tokenizer.json, tokenizerConfig === undefined ? {} : tokenizerConfig.json, config, field));
  const weights = files.get("model.safetensors");
  const header = weights && (await readTensorEntries(weights, field));
  faults.push(...(header?.faults ?? []));
  if (config === undefined || header?.tensors === undefined) throw new FaultError(faults);
  const { matched, faults: tensorFaults } = matchParameters(config, header.tensors, field);
  faults.push(...tensorFaults);
  if (faults.length > 0) throw new FaultError(faults);
  return { config, parameters: parameterCount(encoderShapes(config)), tensors: matched };
}
