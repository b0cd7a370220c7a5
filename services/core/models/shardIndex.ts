import type { Fault } from "../fault.js";
import { describeValue } from "./describeValue.js";
import type { PlacedTensor } from "./modelParameters.js";
import type { TensorEntry } from "./safetensorsHeader.js";

/** The file that says which shard of a checkpoint holds which tensor. */
export const shardIndexFile = "model.safetensors.index.json";

/** Far more shards than any checkpoint has. */
const maxShards = 1000;
/** Faults of one index that are told one by one. */
const maxFaults = 20;

/**
 * Reads `model.safetensors.index.json`.
 * @param json the parsed file
 * @returns the file of each tensor when there is no fault, and the first faults otherwise
 */
export function parseShardIndex(json: unknown, field: string): { fileOf?: Map<string, string>; faults: Fault[] } {
  const faults: Fault[] = [];
  const refuse = (description: string) => void faults.push({ field, reason: "CORRUPT", description: `${shardIndexFile}: ${description}` });
  const map: unknown = typeof json === "object" && json !== null ? (json as { weight_map?: unknown }).weight_map : undefined;
  if (typeof map !== "object" || map === null || Array.isArray(map)) {
    refuse(`weight_map is ${describeValue(map)}; allowed: an object that names the file of each tensor`);
    return { faults };
  }
  const fileOf = new Map<string, string>();
  for (const [name, file] of Object.entries(map)) {
    // A plain name: an index cannot lead out of its folder.
    if (typeof file === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}\.safetensors$/.test(file)) fileOf.set(name, file);
    else refuse(`tensor ${describeValue(name)} is in ${describeValue(file)}; allowed: the name of a .safetensors file beside the index`);
    if (faults.length >= maxFaults) return { faults };
  }
  const shards = new Set(fileOf.values()).size;
  if (faults.length === 0 && shards === 0) refuse("weight_map is empty; allowed: at least one tensor");
  if (shards > maxShards) refuse(`weight_map names ${shards} files; allowed: at most ${maxShards}`);
  return faults.length === 0 ? { fileOf, faults } : { faults };
}

/**
 * Puts together what the shards hold.
 * @param fileOf as the index says
 * @param shards the tensors of each file
 * @returns every tensor with its file, and a fault for each that is not where the index says, or that it does not say
 */
export function placeTensors(
  fileOf: ReadonlyMap<string, string>,
  shards: ReadonlyMap<string, ReadonlyMap<string, TensorEntry>>,
  field: string,
): { tensors: Map<string, PlacedTensor>; faults: Fault[] } {
  const tensors = new Map<string, PlacedTensor>();
  const faults: Fault[] = [];
  const refuse = (reason: string, description: string) => {
    if (faults.length < maxFaults) faults.push({ field, reason, description });
  };
  for (const [name, file] of fileOf) {
    const entry = shards.get(file)?.get(name);
    if (entry) tensors.set(name, { ...entry, file });
    else refuse("MISSING_TENSOR", `${file} does not hold the tensor ${describeValue(name)}, which ${shardIndexFile} says it does`);
  }
  for (const [file, held] of shards)
    for (const name of held.keys()) {
      const said = fileOf.get(name);
      if (said === file) continue;
      const where = said === undefined ? "does not name" : `says is in ${said}`;
      refuse("AMBIGUOUS_TENSOR", `${file} holds the tensor ${describeValue(name)}, which ${shardIndexFile} ${where}`);
    }
  return { tensors, faults };
}
