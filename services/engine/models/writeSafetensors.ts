import { open } from "node:fs/promises";
import { safetensorsPrefixBytes } from "#core/models/safetensorsHeader.js";
import { type ShouldStop, turn } from "../cancellation.js";

/** Bytes that are worked on between two turns of the event loop. */
export const pieceBytes = 16_000_000;

/** A tensor that is to be written. */
export interface WrittenTensor {
  name: string;
  dtype: "F32" | "U8";
  shape: readonly number[];
  /** Its bytes, asked for when their turn comes: one tensor at a time is in memory. */
  bytes(): Uint8Array;
}

/**
 * Writes a safetensors file: the tensors lie in the given order. The header is padded with spaces to a multiple of eight bytes, as the
 * safetensors library does.
 * @param options.onBytes told of each piece of the file in order, before it is written
 * @throws Cancelled
 */
export async function writeSafetensors(
  path: string,
  tensors: readonly WrittenTensor[],
  options: { metadata: Readonly<Record<string, string>>; shouldStop: ShouldStop; onBytes?: (bytes: Uint8Array) => void },
): Promise<void> {
  const { metadata, shouldStop, onBytes } = options;
  const file = await open(path, "w");
  try {
    const write = async (bytes: Uint8Array) => {
      await inPieces(bytes, shouldStop, async (piece) => {
        onBytes?.(piece);
        await file.writeFile(piece);
      });
    };
    await write(header(tensors, metadata));
    for (const tensor of tensors) await write(tensor.bytes());
  } finally {
    await file.close();
  }
}

/** The bytes that a tensor of numbers holds. */
export function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Works through bytes with a turn of the event loop before each piece. @throws Cancelled */
export async function inPieces(bytes: Uint8Array, shouldStop: ShouldStop, work: (piece: Uint8Array) => unknown): Promise<void> {
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    await turn(shouldStop);
    await work(bytes.subarray(at, at + pieceBytes));
  }
}

function header(tensors: readonly WrittenTensor[], metadata: Readonly<Record<string, string>>): Uint8Array {
  let offset = 0;
  const entries: [string, object][] = [["__metadata__", metadata]];
  for (const { name, dtype, shape } of tensors) {
    const bytes = shape.reduce((product, size) => product * size, dtype === "F32" ? 4 : 1);
    entries.push([name, { dtype, shape, data_offsets: [offset, offset + bytes] }]);
    offset += bytes;
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const text = Buffer.alloc(Math.ceil(json.length / 8) * 8, " ");
  json.copy(text);
  const prefix = Buffer.alloc(safetensorsPrefixBytes);
  prefix.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([prefix, text]);
}
