import { CsvError, parse } from "csv-parse/sync";
import { quote } from "../quote.js";
import { datasetLimits } from "./datasetLimits.js";
import type { TableRow, TableSource } from "./parseTable.js";
import { type Line, readLines } from "./readLines.js";
import { tableRows, type TextRecord } from "./tableRows.js";

/**
 * Comma-separated values as RFC 4180 has them, also with LF or, as old spreadsheets write it, CR between records. Empty lines are left out.
 * A record with a misplaced quotation mark is a fault, and reading goes on with the next line, until there are more faults than are kept:
 * each costs csv-parse a start and an error, 60 µs, so that a file of nothing else would take minutes.
 */
export function parseCsv(source: TableSource, columns: Set<string>): AsyncGenerator<TableRow[], void, undefined> {
  return tableRows(readRecords(source), source, columns);
}

/** Lines parsed at once: enough that csv-parse's start does not count, few enough that a fault among them costs little. */
const batchLines = 256;

/** csv-parse takes whole records, some at a time, so that a file is never held at once. */
async function* readRecords(source: TableSource): AsyncGenerator<TextRecord[], void, undefined> {
  let waiting: Line[] = [];
  for await (const lines of readLines(source)) {
    waiting = waiting.concat(lines);
    let at = 0;
    while (at < waiting.length) {
      const whole = wholeLines(waiting, at);
      if (whole === at && !isTooLong(waiting, at)) break;
      const batch = waiting.slice(at, whole === at ? waiting.length : whole);
      const { records, used, isOver } = parseLines(batch, source, ` within ${datasetLimits.rowBytes} characters`);
      yield records;
      if (isOver) return;
      at += used;
    }
    waiting = waiting.slice(at);
  }
  while (waiting.length > 0) {
    const { records, used, isOver } = parseLines(waiting, source, "");
    yield records;
    if (isOver) return;
    waiting = waiting.slice(used);
  }
}

/** Where a batch of lines that starts at `from` may end: after an even number of quotation marks; `from` when that comes later. */
function wholeLines(lines: readonly Line[], from: number): number {
  let isOpen = false;
  let end = from;
  for (let at = from; at < lines.length && (end === from || at < from + batchLines); at++) {
    if (isOdd(lines[at])) isOpen = !isOpen;
    if (!isOpen) end = at + 1;
  }
  return end;
}

function isTooLong(lines: readonly Line[], from: number): boolean {
  let length = 0;
  for (let at = from; at < lines.length; at++) length += (lines[at]?.text.length ?? 0) + (lines[at]?.ending.length ?? 0);
  return length > datasetLimits.rowBytes;
}

interface Parsed {
  records: TextRecord[];
  /** How many of the lines are done with. */
  used: number;
  /** Whether nothing more is read: a mark that is never closed takes the rest of the file, and faults that nobody is told cost too much. */
  isOver: boolean;
}

/** The records up to the first fault, which is reported with the line where it is. */
function parseLines(lines: readonly Line[], source: TableSource, limit: string): Parsed {
  try {
    return { records: numberRecords(parseText(lines), lines), used: lines.length, isOver: false };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const isClosed = error.code !== "CSV_QUOTE_NOT_CLOSED";
    const bad = isClosed ? lineOf(error, lines) : lines.length;
    const before = lines.slice(0, recordStart(lines, bad));
    const [row, problem] = isClosed
      ? [lines[bad]?.number, "a quotation mark is misplaced"]
      : [lines[before.length]?.number, `a quotation mark opens in this row and is never closed${limit}`];
    source.faults.add(`${source.field}.rows[${row}]`, "BAD_QUOTING", `${quote(source.filename)}, row ${row}: ${problem}; ${rule}`);
    const isStopped = source.faults.isFull();
    if (isStopped) source.faults.stop();
    return { records: numberRecords(parseText(before), before), used: Math.min(bad + 1, lines.length), isOver: !isClosed || isStopped };
  }
}

const rule = 'a field with a quotation mark must be enclosed in quotation marks, and each one inside written twice ("")';

/** @throws CsvError at the first fault, so that a line of nothing but misplaced marks costs no more than another */
function parseText(lines: readonly Line[]): string[][] {
  // Only a file whose first line ends with CR has such lines: in others a CR belongs to the text.
  const isOldMac = lines.some(({ ending }) => ending === "\r");
  return parse(lines.map(({ text, ending }) => text + ending).join(""), {
    record_delimiter: isOldMac ? ["\r\n", "\r", "\n"] : ["\r\n", "\n"],
    relax_column_count: true,
    skip_empty_lines: true,
  });
}

/** A record starts with each line that is not empty and comes after an even number of quotation marks. */
function numberRecords(records: readonly string[][], lines: readonly Line[]): TextRecord[] {
  let isOpen = false;
  const numbers: number[] = [];
  for (const line of lines) {
    if (!isOpen && line.text !== "") numbers.push(line.number);
    if (isOdd(line)) isOpen = !isOpen;
  }
  return records.map((fields, index) => ({ number: numbers[index] ?? 0, fields }));
}

/** Index of the line at which the record starts that `at` belongs to. */
function recordStart(lines: readonly Line[], at: number): number {
  let isOpen = false;
  let start = 0;
  for (let index = 0; index < at; index++) {
    if (isOdd(lines[index])) isOpen = !isOpen;
    if (!isOpen) start = index + 1;
  }
  return start;
}

/** Index of the line at fault. csv-parse counts a CRLF inside quotation marks twice, and a CR inside a line once. */
function lineOf(error: CsvError, lines: readonly Line[]): number {
  let counted = 1;
  let isOpen = false;
  for (const [index, line] of lines.entries()) {
    for (let at = line.text.indexOf("\r"); at >= 0; at = line.text.indexOf("\r", at + 1)) counted++;
    if (counted >= Number(error["lines"])) return index;
    if (isOdd(line)) isOpen = !isOpen;
    counted += isOpen ? line.ending.length : 1;
  }
  return lines.length - 1;
}

/** Whether the line's quotation marks are odd: one of them opens or closes a field that spans lines. */
function isOdd(line: Line | undefined): boolean {
  const text = line?.text ?? "";
  let odd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}
