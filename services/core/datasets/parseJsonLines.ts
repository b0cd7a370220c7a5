import { decodeText } from "./decodeText.js";
import { excerpt } from "./faultCollector.js";
import type { Table, TableRow, TableSource } from "./parseTable.js";

/** One JSON object a line; its columns are all the names that occur, in the order in which they first do. Empty lines are left out. */
export function parseJsonLines(source: TableSource): Table {
  const { field, filename, faults } = source;
  const before = faults.count();
  const columns = new Set<string>();
  const rows: TableRow[] = [];
  for (const [index, line] of decodeText(source).split("\n").entries()) {
    if (line.trim() === "") continue;
    const number = index + 1;
    const fault = (reason: string, problem: string) =>
      faults.add(`${field}.rows[${number}]`, reason, `"${filename}", row ${number}: ${excerpt(line)} ${problem}`);
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      fault("BAD_JSON", `is not JSON: ${error instanceof Error ? error.message : String(error)}`);
      continue;
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      fault("NOT_AN_OBJECT", "is not a JSON object");
      continue;
    }
    for (const name of Object.keys(value)) columns.add(name);
    rows.push({ number, values: value as Record<string, unknown> });
  }
  if (rows.length === 0 && faults.count() === before) faults.add(field, "EMPTY_FILE", `"${filename}" has no rows`);
  return { columns: [...columns], rows };
}
