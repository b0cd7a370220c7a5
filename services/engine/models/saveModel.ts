import { createHash, type Hash } from "node:crypto";
import { type FileHandle, mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FaultError } from "#core/fault.js";
import { type ShouldStop, turn } from "../cancellation.js";
import type { Parameters } from "../parameters.js";
import { openJson, oversize, readBytes, refuse } from "./modelFiles.js";
import { missingFile, type ModelFolder, modelFolder, openModelFile, tokenizerFiles } from "./modelFolder.js";

/** Bytes of weights that are hashed and written between two turns of the event loop. */
const pieceBytes = 16_000_000;

/**
 * Fills a folder that `transformers` opens as `BertForSequenceClassification`: config.json, model.safetensors and the tokenizer. Whoever wants
 * the folder whole or not at all gives one that takes its name later.
 * @param options.sourceFolder where config.json and the tokenizer come from; a path: a folder that this program made
 * @param options.classes names of the classes, in the order of their ids
 * @returns SHA-256 (hex) over the parameters: name, shape and bytes of each, ordered by name
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
  return await writeWeights(join(folder, "model.safetensors"), parameters, shouldStop);
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
  // Left over from the folder it was read from; it names where that one came from.
  delete source._name_or_path;
  const config = {
    ...source,
    architectures: ["BertForSequenceClassification"],
    problem_type: "single_label_classification",
    num_labels: classes.length,
    id2label: Object.fromEntries(classes.map((name, id) => [String(id), name])),
    label2id: Object.fromEntries(classes.map((name, id) => [name, id])),
    dtype: "float32",
    torch_dtype: "float32",
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** The header is padded with spaces to a multiple of eight bytes, as the safetensors library does; one tensor at a time is in memory. */
async function writeWeights(path: string, parameters: Parameters, shouldStop: ShouldStop): Promise<string> {
  const names = parameters.names.toSorted();
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  for (const name of names) {
    const { shape, size } = parameters.get(name);
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset + 4 * size] };
    offset += 4 * size;
  }
  const json = JSON.stringify(header);
  const text = Buffer.from(json.padEnd(Math.ceil(Buffer.byteLength(json) / 8) * 8 + json.length - Buffer.byteLength(json)));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(text.byteLength));
  const hash = createHash("sha256");
  const file = await open(path, "w");
  try {
    await file.writeFile(Buffer.concat([prefix, text]));
    for (const name of names) {
      const tensor = parameters.get(name);
      const values = tensor.dataSync<"float32">();
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      hash.update(`${name}\0${tensor.shape.join(",")}\0`);
      await writePieces(file, bytes, hash, shouldStop);
    }
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}

async function writePieces(file: FileHandle, bytes: Uint8Array, hash: Hash, shouldStop: ShouldStop): Promise<void> {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    await turn(shouldStop);
    const piece = bytes.subarray(at, at + pieceBytes);
    hash.update(piece);
    await file.writeFile(piece);
  }
}
