import { CsvError, parse } from "csv-parse/sync";
import { quote } from "../quote.js";
import { datasetLimits } from "./datasetLimits.js";
import type { TableRow, TableSource } from "./parseTable.js";
import { type Line, readLines } from "./readLines.js";
import { tableRows, type TextRecord } from "./tableRows.js";

/**
 * Comma-separated values as RFC 4180 has them, also with LF or, as old spreadsheets write it, CR between records. Empty lines are left out.
 * A record with a misplaced quotation mark is a fault, and reading goes on with the next line.
 */
export function parseCsv(source: TableSource, columns: Set<string>): AsyncGenerator<TableRow[], void, undefined> {
  return tableRows(readRecords(source), source, columns);
}

/** The lines of one record: up to an even number of quotation marks. */
type Group = Line[];

/** csv-parse takes whole records: a file is cut where the quotation marks are even, so that its size is never held at once. */
async function* readRecords(source: TableSource): AsyncGenerator<TextRecord[], void, undefined> {
  let open: Group = [];
  let openLength = 0;
  for await (const lines of readLines(source)) {
    const groups: Group[] = [];
    for (const line of lines) {
      const isOdd = countMarks(line.text) % 2 === 1;
      if (open.length === 0) {
        if (isOdd) open = [line];
        else if (line.text !== "") groups.push([line]);
        openLength = line.text.length;
        continue;
      }
      open.push(line);
      openLength += line.text.length;
      if (isOdd) {
        groups.push(open);
        open = [];
      } else if (openLength > datasetLimits.rowBytes) {
        yield parseGroups(groups, source);
        return badQuoting(source, open[0]?.number ?? 0, `${neverClosed} within ${datasetLimits.rowBytes} characters; ${rule}`);
      }
    }
    yield parseGroups(groups, source);
  }
  if (open.length > 0) yield parseRest(open, source);
}

/** All at once; one by one when a quotation mark is misplaced somewhere. */
function parseGroups(groups: readonly Group[], source: TableSource): TextRecord[] {
  if (groups.length === 0) return [];
  const records = parseText(groups.flat());
  if (!(records instanceof CsvError) && records.length === groups.length)
    return records.map((fields, index) => ({ number: groups[index]?.[0]?.number ?? 0, fields }));
  return groups.flatMap((group) => parseGroup(group, source));
}

function parseGroup(group: Group, source: TableSource): TextRecord[] {
  const [first, ...rest] = group;
  if (!first) return [];
  const records = parseText(group);
  if (!(records instanceof CsvError) && records.length === 1) return records.map((fields) => ({ number: first.number, fields }));
  badQuoting(source, first.number, `a quotation mark is misplaced; ${rule}`);
  // The misplaced mark made its line swallow others: each is read again for itself.
  return regroup(rest, source);
}

/** Lines whose quotation marks are odd in all. */
function parseRest(lines: Group, source: TableSource): TextRecord[] {
  const [first, ...rest] = lines;
  if (!first) return [];
  const alone = parseText([first]);
  if (alone instanceof CsvError && alone.code === "CSV_QUOTE_NOT_CLOSED") {
    badQuoting(source, first.number, `${neverClosed}; ${rule}`);
    return [];
  }
  badQuoting(source, first.number, `a quotation mark is misplaced; ${rule}`);
  return regroup(rest, source);
}

function regroup(lines: readonly Line[], source: TableSource): TextRecord[] {
  const records: TextRecord[] = [];
  let open: Group = [];
  for (const line of lines) {
    if (open.length === 0 && line.text === "") continue;
    open.push(line);
    const isWhole = countMarks(line.text) % 2 === (open.length === 1 ? 0 : 1);
    if (!isWhole) continue;
    records.push(...parseGroup(open, source));
    open = [];
  }
  return open.length === 0 ? records : [...records, ...parseRest(open, source)];
}

/** The records of these lines, or the first thing that is wrong with them. */
function parseText(lines: readonly Line[]): string[][] | CsvError {
  const text = lines.map((line, index) => (index === lines.length - 1 ? line.text : line.text + line.ending)).join("");
  // The longest first, or a CRLF would be taken for two.
  const delimiters = ["\r\n", "\n", "\r"].filter((ending) => lines.some((line) => line.ending === ending));
  try {
    return parse(text, { record_delimiter: delimiters.length > 0 ? delimiters : ["\n"], relax_column_count: true });
  } catch (error) {
    if (error instanceof CsvError) return error;
    throw error;
  }
}

function countMarks(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count++;
  return count;
}

function badQuoting({ field, filename, faults }: TableSource, row: number, problem: string): void {
  faults.add(`${field}.rows[${row}]`, "BAD_QUOTING", `${quote(filename)}, row ${row}: ${problem}`);
}

const rule = 'a field with a quotation mark must be enclosed in quotation marks, and each one inside written twice ("")';
const neverClosed = "a quotation mark opens in this row and is never closed";
