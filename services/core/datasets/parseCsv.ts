import { type CsvError, type Info, parse } from "csv-parse/sync";
import { decodeText } from "./decodeText.js";
import type { Table, TableSource } from "./parseTable.js";
import { tableOf } from "./tableOf.js";

/** Comma-separated values as RFC 4180 has them, with LF or CRLF between records. Empty lines are left out. */
export function parseCsv(source: TableSource): Table {
  const text = decodeText(source);
  const errors = new Map<string, CsvError>();
  const parsed = parse(text, {
    record_delimiter: ["\r\n", "\n"],
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      // A misplaced quotation mark is reported once for every later one in its record.
      if (error) errors.set(`${error.code} ${error.lines}`, error);
      return undefined;
    },
    info: true,
  }) as unknown as { info: Info; record: string[] }[];

  let countedTwice = 0;
  const records = parsed.map(({ info, record }) => {
    const breaks = record.flatMap((field) => field.match(/\r\n|\r|\n/g) ?? []);
    // The parser counts the line of a record's end, and takes a CRLF inside quotation marks for two lines.
    countedTwice += breaks.filter((lineBreak) => lineBreak === "\r\n").length;
    return { number: info.lines - countedTwice - breaks.length, fields: record };
  });
  const { field, filename, faults } = source;
  for (const error of errors.values()) {
    const line = typeof error.lines === "number" ? error.lines : 0;
    faults.add(`${field}.rows[${line}]`, "BAD_QUOTING", `"${filename}", row ${line}: ${explanation(error.code)}`);
  }
  return tableOf(records, source);
}

function explanation(code: string): string {
  const rule = 'a field with a quotation mark must be enclosed in quotation marks, and each one inside written twice ("")';
  return code === "CSV_QUOTE_NOT_CLOSED"
    ? `the file ends here inside a field whose quotation mark was never closed; ${rule}`
    : `a quotation mark is misplaced; ${rule}`;
}
