import { setImmediate } from "node:timers/promises";
import { type Fault, FaultError } from "#core/fault.js";
import { type ModelConfig, parseModelConfig } from "#core/models/modelConfig.js";
import { bodyShapes, matchParameters, type PlacedTensor } from "#core/models/modelParameters.js";
import { parameterCount } from "#core/models/parameterShapes.js";
import type { SpecialTokens } from "#core/models/specialTokens.js";
import { shardIndexFile } from "#core/models/shardIndex.js";
import { FileChanged, oversize, readJson } from "./modelFiles.js";
import { missingFile, type ModelFile, type ModelFolder, modelFolder, openModelFile, tokenizerFiles } from "./modelFolder.js";
import { inspectTokenizer } from "./tokenizer.js";
import { closeFiles, openWeightFiles, placedTensors, type WeightFiles, weightsFile } from "./weightFiles.js";

/** What a model folder holds. */
export interface ModelInspection {
  config: ModelConfig;
  /** Numbers in the model without its head. */
  parameters: number;
  /** The checkpoint's tensors under their names in the model with its head. */
  tensors: ReadonlyMap<string, PlacedTensor>;
  /** What its tokenizer adds to texts. */
  specialTokens: SpecialTokens;
  /** What the files of the weights were, by name: see `fileIdentity`. */
  weightFiles: ReadonlyMap<string, string>;
}

const needed: readonly string[] = ["config.json", "tokenizer.json"];

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
  let weights: WeightFiles | undefined;
  try {
    for (const name of new Set([...needed, ...tokenizerFiles])) {
      const opened = await openModelFile(folder, name, field).catch((error: unknown) => {
        if (!(error instanceof FaultError)) throw error;
        faults.push(...error.faults);
        return "refused" as const;
      });
      if (opened === undefined && needed.includes(name)) faults.push(missingFile(folder, name, field));
      else if (opened !== undefined && opened !== "refused") files.set(name, opened);
    }
    const opened = await unchanged(() => openWeightFiles(folder, field), field);
    weights = opened;
    if (faults.length > 0 || opened.faults.length > 0) return await unchanged(() => check(files, opened, field, faults), field);
    const identities = [...files, ...opened.files].map(([name, file]) => [name, fileIdentity(file)]);
    return await remembered(JSON.stringify([field, folder.name, ...identities]), () => unchanged(() => check(files, opened, field), field));
  } finally {
    await closeFiles([...files.values(), ...(weights?.files.values() ?? [])]);
  }
}

/** Changes when the file is written to or another takes its place. */
export function fileIdentity({ stats }: ModelFile): string {
  return [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(" ");
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

async function unchanged<T>(read: () => Promise<T>, field: string): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof FileChanged)) throw error;
    throw new FaultError([{ field, reason: "CORRUPT", description: "a file of the model changed while it was read; try again" }]);
  }
}

/** Checks what could be opened. @param known what is wrong with what could not, but for the weights: it is told with the rest */
async function check(
  files: ReadonlyMap<string, ModelFile>,
  weights: WeightFiles,
  field: string,
  known: readonly Fault[] = [],
): Promise<ModelInspection> {
  const faults = [...known, ...[...files].flatMap(([name, file]) => oversize(file, name, field) ?? [])];
  const json = async (name: string): Promise<{ json: unknown } | undefined> => {
    const file = files.get(name);
    const read = file && (await readJson(file, name, field));
    faults.push(...(read?.faults ?? []));
    return read?.faults.length === 0 ? { json: read.json } : undefined;
  };
  const configFile = await json("config.json");
  const parsed = configFile && parseModelConfig(configFile.json, field);
  faults.push(...(parsed?.faults ?? []));
  const config = parsed?.config;
  const [tokenizer, tokenizerConfig] = [await json("tokenizer.json"), await json("tokenizer_config.json")];
  await setImmediate();
  const read = tokenizer && inspectTokenizer(tokenizer.json, tokenizerConfig === undefined ? {} : tokenizerConfig.json, config, field);
  faults.push(...(read?.faults ?? []));
  const placed = await placedTensors(weights, field);
  faults.push(...placed.faults);
  if (config === undefined || placed.tensors === undefined) throw new FaultError(faults);
  const named = { field, weights: weights.fileOf ? shardIndexFile : weightsFile };
  const { matched, faults: tensorFaults } = matchParameters(config, placed.tensors, named);
  faults.push(...tensorFaults);
  if (faults.length > 0 || read?.specials === undefined) throw new FaultError(faults);
  const weightFiles = new Map([...weights.files].map(([name, file]) => [name, fileIdentity(file)]));
  return { config, parameters: parameterCount(bodyShapes(config)), tensors: matched, specialTokens: read.specials, weightFiles };
}
