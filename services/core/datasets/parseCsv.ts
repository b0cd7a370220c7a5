import { quote } from "../quote.js";
import { datasetLimits } from "./datasetLimits.js";
import type { TableRow, TableSource } from "./parseTable.js";
import { readLines } from "./readLines.js";
import { tableRows, type TextRecord } from "./tableRows.js";

/**
 * Comma-separated values as RFC 4180 has them, also with LF or, as old spreadsheets write it, CR between records. Empty lines are left out.
 * A record with a misplaced quotation mark is a fault, and reading goes on with the next line.
 */
export function parseCsv(source: TableSource, columns: Set<string>): AsyncGenerator<TableRow[], void, undefined> {
  return tableRows(readRecords(source), source, columns);
}

interface OpenRecord {
  number: number;
  fields: string[];
  /** Of the quoted field that goes on in the next line. */
  pieces: string[];
  /** UTF-16 units, to hold back one that never ends. */
  length: number;
}

async function* readRecords(source: TableSource): AsyncGenerator<TextRecord[], void, undefined> {
  let open: OpenRecord | undefined;
  for await (const lines of readLines(source)) {
    const records: TextRecord[] = [];
    for (const { number, text, ending } of lines) {
      if (!open && text === "") continue;
      if (!open && !text.includes('"')) {
        records.push({ number, fields: text.split(",") });
        continue;
      }
      const record: OpenRecord = open ?? { number, fields: [], pieces: [], length: 0 };
      const end = scan(text, record, open !== undefined);
      open = undefined;
      if (end === "whole") records.push(record);
      else if (end === "misplaced") badQuoting(source, number, `a quotation mark is misplaced; ${rule}`);
      else {
        record.pieces.push(ending);
        record.length += text.length + ending.length;
        if (record.length > datasetLimits.rowBytes) {
          yield records;
          return badQuoting(source, record.number, `${neverClosed} within ${datasetLimits.rowBytes} characters; ${rule}`);
        }
        open = record;
      }
    }
    yield records;
  }
  if (open) badQuoting(source, open.number, `${neverClosed}; ${rule}`);
}

/** Reads the fields of one line into the record; the record goes on when the line ends inside quotation marks. */
function scan(line: string, record: OpenRecord, startsInQuotes: boolean): "whole" | "open" | "misplaced" {
  let isQuoted = startsInQuotes;
  for (let at = 0; ;) {
    if (!isQuoted && line[at] === '"') {
      isQuoted = true;
      at++;
    }
    if (!isQuoted) {
      const comma = line.indexOf(",", at);
      const field = line.slice(at, comma === -1 ? line.length : comma);
      if (field.includes('"')) return "misplaced";
      record.fields.push(field);
      if (comma === -1) return "whole";
      at = comma + 1;
      continue;
    }
    const mark = line.indexOf('"', at);
    record.pieces.push(line.slice(at, mark === -1 ? line.length : mark));
    if (mark === -1) return "open";
    at = mark + 1;
    if (line[at] === '"') {
      record.pieces.push('"');
      at++;
      continue;
    }
    record.fields.push(record.pieces.join(""));
    record.pieces = [];
    isQuoted = false;
    if (at === line.length) return "whole";
    if (line[at] !== ",") return "misplaced";
    at++;
  }
}

function badQuoting({ field, filename, faults }: TableSource, row: number, problem: string): void {
  faults.add(`${field}.rows[${row}]`, "BAD_QUOTING", `${quote(filename)}, row ${row}: ${problem}`);
}

const rule = 'a field with a quotation mark must be enclosed in quotation marks, and each one inside written twice ("")';
const neverClosed = "a quotation mark opens in this row and is never closed";
