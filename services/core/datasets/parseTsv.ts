import type { TableRow, TableSource } from "./parseTable.js";
import { readLines } from "./readLines.js";
import { tableRows, type TextRecord } from "./tableRows.js";

/** Tab-separated values without quoting or escaping: a quotation mark is a character like any other. Empty lines are left out. */
export function parseTsv(source: TableSource, columns: Set<string>): AsyncGenerator<TableRow[], void, undefined> {
  return tableRows(readRecords(source), source, columns);
}

async function* readRecords(source: TableSource): AsyncGenerator<TextRecord[], void, undefined> {
  for await (const lines of readLines(source))
    yield lines.filter(({ text }) => text !== "").map(({ number, text }) => ({ number, fields: text.split("\t") }));
}
