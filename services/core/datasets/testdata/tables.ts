import type { TableFile } from "../parseTable.js";

export const columns = { text: "text", label: "label" };
export const file = (split: string, format: TableFile["format"], content: string | Uint8Array) => ({
  split,
  format,
  filename: `${split}.x`,
  bytes: typeof content === "string" ? Buffer.from(content, "utf8") : content,
});
export const jsonl = (split: string, rows: unknown[]) => file(split, "JSONL", rows.map((row) => JSON.stringify(row)).join("\n"));
export const good = [
  { text: "a", label: 0 },
  { text: "b", label: 1 },
];
export const lines = (faults: { field: string; reason: string }[]) => faults.map(({ field, reason }) => `${field} ${reason}`);
