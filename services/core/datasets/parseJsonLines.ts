import { plain, quote } from "../quote.js";
import { datasetLimits } from "./datasetLimits.js";
import type { TableRow, TableSource } from "./parseTable.js";
import { readLines } from "./readLines.js";

/**
 * One JSON object a line. Empty lines are left out.
 * @param columns where all names that occur are put, in the order in which they first do
 */
export async function* parseJsonLines(source: TableSource, columns: Set<string>): AsyncGenerator<TableRow[], void, undefined> {
  const { field, filename, faults, wanted } = source;
  const before = faults.count();
  let isEmpty = true;
  for await (const lines of readLines(source)) {
    const rows: TableRow[] = [];
    for (const { number, text } of lines) {
      if (text.trim() === "") continue;
      const fault = (reason: string, problem: string) =>
        faults.add(`${field}.rows[${number}]`, reason, `${quote(filename)}, row ${number}: ${quote(text)} ${problem}`);
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch (error) {
        fault("BAD_JSON", `is not JSON: ${plain(error instanceof Error ? error.message : String(error))}`);
        continue;
      }
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        fault("NOT_AN_OBJECT", "is not a JSON object");
        continue;
      }
      // Objects that name millions of columns between them must not fill the memory.
      for (const name of Object.keys(value)) if (columns.size < datasetLimits.columns || wanted?.includes(name)) columns.add(name);
      rows.push({ number, values: value as Record<string, unknown> });
    }
    if (rows.length > 0) yield rows;
    isEmpty &&= rows.length === 0;
  }
  if (isEmpty && faults.count() === before) faults.add(field, "EMPTY_FILE", `${quote(filename)} has no rows`);
}
