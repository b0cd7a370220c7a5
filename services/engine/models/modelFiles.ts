import type { FileHandle } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { type Fault, FaultError } from "#core/fault.js";
import { describeValue } from "#core/models/describeValue.js";
import { jsonExcess, type JsonLimits, repeatedKey } from "#core/models/jsonScan.js";
import { parseSafetensorsHeader, readHeaderLength, safetensorsPrefixBytes, type TensorEntry } from "#core/models/safetensorsHeader.js";
import { type ModelFile, type ModelFolder, openModelFile } from "./modelFolder.js";

/**
 * How large a JSON file of a model may be. Source: a quarter of a million tokens (XLM-R) take 17 MB of tokenizer.json. Files that say what a model is
 * may say nothing twice.
 */
const jsonFiles: Record<string, JsonLimits & { bytes: number; once?: true }> = {
  "config.json": { bytes: 1_000_000, depth: 32, containers: 10_000, once: true },
  "model.safetensors.index.json": { bytes: 16_000_000, depth: 4, containers: 100, once: true },
  "tokenizer.json": { bytes: 32_000_000, depth: 32, containers: 1_500_000 },
  "tokenizer_config.json": { bytes: 8_000_000, depth: 32, containers: 200_000 },
};

/** Reads a JSON file of a model folder, or says what is wrong with it; never what is in it. */
export async function readJson({ file, stats }: ModelFile, name: string, field: string): Promise<{ json?: unknown; faults: Fault[] }> {
  const refuse = (reason: string, problem: string) => ({ faults: [{ field, reason, description: `${name} ${problem}` }] });
  const limits = jsonFiles[name];
  if (limits === undefined) throw new RangeError(`no limits are known for ${name}`);
  if (stats.size > limits.bytes) return refuse("TOO_LARGE", `has ${stats.size} bytes; at most ${limits.bytes} are allowed`);
  const bytes = await readBytes(file, 0, Number(stats.size));
  const excess = jsonExcess(bytes, limits);
  if (excess !== undefined) return refuse("CORRUPT", excess);
  // The largest files take a tenth of a second to look through and more to parse: others get a turn in between.
  await setImmediate();
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // What the parser says quotes the file.
    return refuse("CORRUPT", "is not JSON");
  }
  const repeated = limits.once && repeatedKey(bytes);
  return repeated === undefined ? { json, faults: [] } : refuse("CORRUPT", `has ${describeValue(repeated)} twice`);
}

/** Opens and reads a JSON file of a model folder; `undefined` when there is none. @throws FaultError */
export async function openJson(folder: ModelFolder, name: string, field: string): Promise<{ json: unknown } | undefined> {
  const opened = await openModelFile(folder, name, field);
  if (opened === undefined) return undefined;
  try {
    const { json, faults } = await readJson(opened, name, field);
    refuse(faults);
    return { json };
  } finally {
    await opened.file.close();
  }
}

/** Files that are only copied may be this large. */
const maxCopiedBytes = 64_000_000n;

/** Whether a file that is only copied is too large to be what it is called. */
export function oversize({ stats }: ModelFile, name: string, field: string): Fault | undefined {
  if (stats.size <= maxCopiedBytes) return undefined;
  return { field, reason: "TOO_LARGE", description: `${name} has ${stats.size} bytes; at most ${maxCopiedBytes} are allowed` };
}

/** Reads where the tensors of a safetensors file are, or says what is wrong with it. Reads the header only. */
export async function readTensorEntries(
  { file, stats }: ModelFile,
  field: string,
  name?: string,
): Promise<ReturnType<typeof parseSafetensorsHeader>> {
  const size = Number(stats.size);
  const prefix = await readBytes(file, 0, Math.min(size, safetensorsPrefixBytes));
  const { headerBytes, faults } = readHeaderLength(prefix, size, field, name);
  if (headerBytes === undefined) return { faults };
  return parseSafetensorsHeader(await readBytes(file, safetensorsPrefixBytes, headerBytes), size, field, name);
}

/** Reads the numbers of one tensor as float32. F16 and BF16 are widened, which is exact. */
export async function readFloats(file: FileHandle, entry: TensorEntry): Promise<Float32Array> {
  const bytes = await readBytes(file, entry.begin, entry.end - entry.begin);
  if (entry.dtype === "F32") return new Float32Array(bytes.buffer);
  if (entry.dtype !== "F16" && entry.dtype !== "BF16") throw new RangeError(`dtype is ${entry.dtype}; allowed: F32, F16, BF16`);
  const halves = new Uint16Array(bytes.buffer);
  const widen = entry.dtype === "BF16" ? bfloat16Bits : float16Bits;
  return new Float32Array(Uint32Array.from(halves, widen).buffer);
}

/** Throws all faults at once. */
export function refuse(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new FaultError(faults);
}

/** Node ends the process when it is asked to read 2^31 bytes at a time. */
const mostAtOnce = 2 ** 30;

/** The file became shorter after its size was asked. */
export class FileChanged extends Error {
  override readonly name = "FileChanged";
}

/**
 * Bytes of a file, in a buffer of their own, so that views of any width are aligned.
 * @throws FileChanged when the file ends before them
 */
export async function readBytes(file: FileHandle, position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, Math.min(length - done, mostAtOnce), position + done);
    if (bytesRead === 0) throw new FileChanged(`the file ended at byte ${position + done}; ${length - done} more were expected`);
    done += bytesRead;
  }
  return bytes;
}

function bfloat16Bits(half: number): number {
  return half << 16;
}

function float16Bits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // Subnormal: shift until the hidden bit appears.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}
