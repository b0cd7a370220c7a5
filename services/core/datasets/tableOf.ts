import { excerpt } from "./faultCollector.js";
import type { Table, TableSource } from "./parseTable.js";

/** A table from records of fields, the first of which is the header. Records with another number of fields are faults. */
export function tableOf(records: readonly { number: number; fields: readonly string[] }[], source: TableSource): Table {
  const { field, filename, faults } = source;
  const [header, ...rest] = records;
  if (!header) {
    faults.add(field, "EMPTY_FILE", `"${filename}" has no header line`);
    return { columns: [], rows: [] };
  }
  const columns = [...header.fields];
  for (const name of new Set(columns.filter((name, index) => columns.indexOf(name) !== index)))
    faults.add(
      `${field}.columns`,
      "DUPLICATE_COLUMN",
      `"${filename}", row ${header.number}: the column ${excerpt(name)} stands in the header more than once`,
    );
  const rows = [];
  for (const { number, fields } of rest) {
    if (fields.length === columns.length)
      rows.push({ number, values: Object.fromEntries(columns.map((name, index) => [name, fields[index]])) });
    else
      faults.add(
        `${field}.rows[${number}]`,
        "FIELD_COUNT",
        `"${filename}", row ${number}: has ${fields.length} fields, the header has ${columns.length}; it begins ${excerpt(fields[0])}`,
      );
  }
  return { columns, rows };
}
