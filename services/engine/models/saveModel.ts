import { createHash, randomUUID } from "node:crypto";
import { copyFile, mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Parameters } from "../parameters.js";

/** Files of the source folder that a checkpoint needs to be used. */
const tokenizerFiles = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"];

/**
 * Writes a folder that `transformers` opens as `BertForSequenceClassification`: config.json, model.safetensors and the tokenizer. It is
 * written beside its place and renamed, so that the folder is there whole or not at all; an older one is replaced.
 * @param sourceFolder where config.json and the tokenizer come from
 * @param classes names of the classes, in the order of their ids
 * @returns SHA-256 (hex) over the parameters: name, shape and bytes of each, ordered by name
 */
export async function saveModel(
  folder: string,
  options: { sourceFolder: string; classes: readonly string[]; parameters: Parameters },
): Promise<string> {
  const { sourceFolder, classes, parameters } = options;
  await mkdir(dirname(folder), { recursive: true });
  const temporary = `${folder}.${randomUUID().slice(0, 8)}.tmp`;
  await mkdir(temporary);
  try {
    await writeFile(join(temporary, "config.json"), await classifierConfig(sourceFolder, classes));
    for (const name of tokenizerFiles) await copyFile(join(sourceFolder, name), join(temporary, name)).catch(ignoreMissing);
    const digest = await writeWeights(join(temporary, "model.safetensors"), parameters);
    await rm(folder, { recursive: true, force: true });
    await rename(temporary, folder);
    await syncFolder(dirname(folder));
    return digest;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

async function classifierConfig(sourceFolder: string, classes: readonly string[]): Promise<string> {
  const source = JSON.parse(await readFile(join(sourceFolder, "config.json"), "utf8")) as Record<string, unknown>;
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
async function writeWeights(path: string, parameters: Parameters): Promise<string> {
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
      hash.update(`${name}\0${tensor.shape.join(",")}\0`).update(bytes);
      await file.writeFile(bytes);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
