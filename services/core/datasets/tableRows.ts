import { quote } from "../quote.js";
import { datasetLimits } from "./datasetLimits.js";
import type { TableRow, TableSource } from "./parseTable.js";

/** The fields between the separators of one record. */
export interface TextRecord {
  number: number;
  fields: readonly string[];
}

/**
 * Rows from records, the first of which is the header. Records with another number of fields are faults.
 * @param columns where the header's names are put
 */
export async function* tableRows(
  records: AsyncIterable<readonly TextRecord[]>,
  source: TableSource,
  columns: Set<string>,
): AsyncGenerator<TableRow[], void, undefined> {
  const { field, filename, faults } = source;
  let header: readonly string[] | undefined;
  let taken: { name: string; index: number }[] = [];
  const before = faults.count();
  for await (const batch of records) {
    const rows: TableRow[] = [];
    for (const { number, fields } of batch) {
      if (!header) {
        header = fields;
        if (!takeHeader(number, fields, source, columns)) return;
        taken = fields.map((name, index) => ({ name, index })).filter(({ name }) => source.wanted?.includes(name) ?? true);
      } else if (fields.length === header.length) {
        rows.push({ number, values: Object.fromEntries(taken.map(({ name, index }) => [name, fields[index]])) });
      } else {
        faults.add(
          `${field}.rows[${number}]`,
          "FIELD_COUNT",
          `${quote(filename)}, row ${number}: has ${fields.length} fields, the header has ${header.length}; it begins ${quote(fields[0])}`,
        );
      }
    }
    if (rows.length > 0) yield rows;
  }
  if (!header && faults.count() === before) faults.add(field, "EMPTY_FILE", `${quote(filename)} has no header line`);
}

function takeHeader(number: number, names: readonly string[], { field, filename, faults }: TableSource, columns: Set<string>): boolean {
  if (names.length > datasetLimits.columns) {
    faults.add(
      field,
      "TOO_MANY_COLUMNS",
      `${quote(filename)}, row ${number}: the header has ${names.length} columns, of at most ${datasetLimits.columns}`,
    );
    return false;
  }
  const repeated = new Set<string>();
  for (const name of names) {
    if (columns.has(name)) repeated.add(name);
    columns.add(name);
  }
  for (const name of repeated)
    faults.add(
      field,
      "DUPLICATE_COLUMN",
      `${quote(filename)}, row ${number}: the column ${quote(name)} stands in the header more than once`,
    );
  return true;
}
