import { type FileHandle, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Fault, FaultError } from "#core/fault.js";
import { parseSafetensorsHeader, readHeaderLength, safetensorsPrefixBytes, type TensorEntry } from "#core/models/safetensorsHeader.js";

/** Reads a JSON file of a model folder, or says what is wrong with it. */
export async function readJson(folder: string, name: string, field: string): Promise<{ json?: unknown; faults: Fault[] }> {
  const text = await readFile(join(folder, name), "utf8").catch(() => undefined);
  if (text === undefined) return { faults: [missing(name, folder, field)] };
  try {
    return { json: JSON.parse(text), faults: [] };
  } catch (error) {
    return {
      faults: [{ field, reason: "CORRUPT", description: `${name} is not JSON: ${error instanceof Error ? error.message : String(error)}` }],
    };
  }
}

/** Reads where the tensors of a safetensors file are, or says what is wrong with it. Reads the header only. */
export async function readTensorEntries(
  folder: string,
  name: string,
  field: string,
): Promise<{ tensors?: Map<string, TensorEntry>; faults: Fault[] }> {
  const file = await open(join(folder, name)).catch(() => undefined);
  if (file === undefined) return { faults: [missing(name, folder, field)] };
  try {
    const { size } = await file.stat();
    const prefix = await readBytes(file, 0, Math.min(size, safetensorsPrefixBytes));
    const { headerBytes, faults } = readHeaderLength(prefix, size, field);
    if (headerBytes === undefined) return { faults };
    return parseSafetensorsHeader(await readBytes(file, safetensorsPrefixBytes, headerBytes), size, field);
  } finally {
    await file.close();
  }
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

/** A buffer of its own, so that views of any width are aligned. */
async function readBytes(file: FileHandle, position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw new Error(`the file ended at byte ${position + done}; ${length - done} more were expected`);
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

function missing(name: string, folder: string, field: string): Fault {
  return {
    field,
    reason: "MISSING_FILE",
    description: `"${folder}" has no ${name}; a model folder holds config.json, model.safetensors and tokenizer.json`,
  };
}
