import { buildDataset } from "../buildDataset.js";
import type { ByteSource } from "../byteSource.js";
import type { Example } from "../example.js";
import type { TableFile } from "../parseTable.js";
import type { DatasetColumns } from "../datasetColumns.js";

export const columns = { text: "text", label: "label" };

/** Bytes in memory, as a file would be read. */
export function inMemory(bytes: Uint8Array): ByteSource {
  return { length: bytes.length, read: async (start, end) => bytes.subarray(start, end) };
}
export const file = (split: string, format: TableFile["format"], content: string | Uint8Array) => ({
  split,
  format,
  filename: `${split}.x`,
  content: inMemory(typeof content === "string" ? Buffer.from(content, "utf8") : content),
});
export const jsonl = (split: string, rows: unknown[]) => file(split, "JSONL", rows.map((row) => JSON.stringify(row)).join("\n"));
export const good = [
  { text: "a", label: 0 },
  { text: "b", label: 1 },
];
export const lines = (faults: { field: string; reason: string }[]) => faults.map(({ field, reason }) => `${field} ${reason}`);

/** A data set with its rows, which otherwise go to the disk. */
export async function buildInMemory(input: {
  files: readonly (TableFile & { split: string })[];
  columns: DatasetColumns;
  maxRows?: number;
}) {
  const kept: { text: string; textPair?: string; label: number; group: number }[][] = input.files.map(() => []);
  const { dataset, ...rest } = await buildDataset({
    ...input,
    keep: async (split, rows) => void kept[split]?.push(...rows),
  });
  if (!dataset) return { ...rest, dataset: undefined };
  const { classIds, ...content } = dataset;
  const splits = content.splits.map((split, index) => ({
    ...split,
    examples: (kept[index] ?? []).map(({ text, textPair, label }): Example => ({
      text,
      ...(textPair === undefined ? {} : { textPair }),
      label: classIds[label] ?? -1,
    })),
    grouped: {
      groups: Uint32Array.from(kept[index] ?? [], ({ group }) => group),
      labels: Uint32Array.from(kept[index] ?? [], ({ label }) => classIds[label] ?? -1),
    },
  }));
  return { ...rest, dataset: { ...content, splits } };
}
