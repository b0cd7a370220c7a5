import { readFile, writeFile } from "node:fs/promises";
import type { GroupedRows } from "#core/datasets/cutGroups.js";

// What a cut of a split depends on, in 8 bytes a row: little-endian 32-bit numbers, the group of each row, then the class id of each.

/** Writes a split's groups and class ids. */
export async function writeGroupFile(path: string, { groups, labels }: GroupedRows): Promise<void> {
  const numbers = new Uint32Array(groups.length * 2);
  numbers.set(groups);
  numbers.set(labels, groups.length);
  await writeFile(path, numbers);
}

/** @throws Error when the file is not there or is none of these */
export async function readGroupFile(path: string): Promise<GroupedRows> {
  const bytes = await readFile(path);
  const rows = bytes.length / 8;
  if (!Number.isInteger(rows)) throw new Error(`${path} has ${bytes.length} bytes: not 8 for each row`);
  const numbers = new Uint32Array(Uint8Array.from(bytes).buffer);
  return { groups: numbers.subarray(0, rows), labels: numbers.subarray(rows) };
}
