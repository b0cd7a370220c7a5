import { type Fault, FaultError } from "#core/fault.js";
import type { PlacedTensor } from "#core/models/modelParameters.js";
import type { TensorEntry } from "#core/models/safetensorsHeader.js";
import { parseShardIndex, placeTensors, shardIndexFile } from "#core/models/shardIndex.js";
import { readJson, readTensorEntries } from "./modelFiles.js";
import { missingFile, type ModelFile, type ModelFolder, openModelFile } from "./modelFolder.js";

/** The one file that holds all weights, where they are not sharded. */
export const weightsFile = "model.safetensors";

/** The open files of a checkpoint's weights; the caller closes them. */
export interface WeightFiles {
  /** By name: one file, or the shards with their index. */
  files: Map<string, ModelFile>;
  /** Of shards: the file of each tensor. */
  fileOf?: ReadonlyMap<string, string>;
  /** What is wrong with files that could not be opened, and with the index. */
  faults: Fault[];
}

/**
 * Opens `model.safetensors`, or where there is none the shards that `model.safetensors.index.json` names.
 */
export async function openWeightFiles(folder: ModelFolder, field: string): Promise<WeightFiles> {
  const files = new Map<string, ModelFile>();
  const faults: Fault[] = [];
  const open = async (name: string): Promise<ModelFile | undefined> => {
    const opened = await openModelFile(folder, name, field).catch((error: unknown) => {
      if (!(error instanceof FaultError)) throw error;
      faults.push(...error.faults);
      return undefined;
    });
    if (opened) files.set(name, opened);
    return opened;
  };
  try {
    if ((await open(weightsFile)) || faults.length > 0) return { files, faults };
    const index = await open(shardIndexFile);
    if (!index) {
      if (faults.length === 0) faults.push(missingFile(folder, weightsFile, field));
      return { files, faults };
    }
    const read = await readJson(index, shardIndexFile, field);
    faults.push(...read.faults);
    if (faults.length > 0) return { files, faults };
    const { fileOf, faults: wrong } = parseShardIndex(read.json, field);
    faults.push(...wrong);
    if (!fileOf) return { files, faults };
    for (const name of new Set(fileOf.values())) {
      const before = faults.length;
      if (!(await open(name)) && faults.length === before)
        faults.push({
          field,
          reason: "MISSING_FILE",
          description: `"${folder.name}" has no ${name}, which ${shardIndexFile} names`,
        });
    }
    return { files, fileOf, faults };
  } catch (error) {
    await closeFiles(files.values());
    throw error;
  }
}

/**
 * Reads where every tensor is; of each file the header only.
 * @returns the tensors by name when there is no fault, and otherwise everything that is wrong with the files
 */
export async function placedTensors(
  { files, fileOf, faults: known }: WeightFiles,
  field: string,
): Promise<{ tensors?: Map<string, PlacedTensor>; faults: Fault[] }> {
  const faults = [...known];
  const held = new Map<string, Map<string, TensorEntry>>();
  for (const [name, file] of files) {
    if (name === shardIndexFile) continue;
    const { tensors, faults: wrong } = await readTensorEntries(file, field, name);
    faults.push(...wrong);
    if (tensors) held.set(name, tensors);
  }
  if (faults.length > 0) return { faults };
  if (fileOf) {
    const { tensors, faults: misplaced } = placeTensors(fileOf, held, field);
    return misplaced.length > 0 ? { faults: misplaced } : { tensors, faults };
  }
  const tensors = new Map([...(held.get(weightsFile) ?? [])].map(([name, entry]) => [name, { ...entry, file: weightsFile }]));
  return { tensors, faults };
}

export async function closeFiles(files: Iterable<ModelFile>): Promise<void> {
  await Promise.all([...files].map(({ file }) => file.close()));
}
