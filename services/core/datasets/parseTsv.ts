import { decodeText } from "./decodeText.js";
import type { Table, TableSource } from "./parseTable.js";
import { tableOf } from "./tableOf.js";

/** Tab-separated values without quoting or escaping: a quotation mark is a character like any other. Empty lines are left out. */
export function parseTsv(source: TableSource): Table {
  const records = decodeText(source)
    .split("\n")
    .map((line, index) => ({ number: index + 1, line: line.endsWith("\r") ? line.slice(0, -1) : line }))
    .filter(({ line }) => line !== "")
    .map(({ number, line }) => ({ number, fields: line.split("\t") }));
  return tableOf(records, source);
}
