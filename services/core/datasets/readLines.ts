import { plain, quote } from "../quote.js";
import { datasetLimits } from "./datasetLimits.js";
import type { TableSource } from "./parseTable.js";

/** A line of a text file. */
export interface Line {
  /** From 1. */
  number: number;
  text: string;
  /** The line break after it; empty at the end of the file. */
  ending: string;
}

/**
 * The lines of a UTF-8 file, some at a time, without its byte order mark. Lines end with LF or CRLF; in a file whose first line break is a
 * lone CR, with any of the three. Bytes that are not UTF-8 are faults by line, and stand as U+FFFD in the text so that the other faults of
 * the file are found too. A line that is longer than a row may be is a fault, and left out.
 * @param pieceBytes how much is read at a time
 */
export async function* readLines(source: TableSource, pieceBytes = 256 * 1024): AsyncGenerator<Line[], void, undefined> {
  const { content, filename, field, faults } = source;
  const tooLong = (number: number) =>
    faults.add(
      `${field}.rows[${number}]`,
      "ROW_TOO_LONG",
      `${quote(filename)}, row ${number}: is longer than ${datasetLimits.rowBytes} bytes, the most a row may have`,
    );
  let rest: Uint8Array = new Uint8Array();
  let number = 1;
  let isOldMac: boolean | undefined;
  let isSkipping = false;
  for (let start = 0; start < content.length; start += pieceBytes) {
    const end = Math.min(start + pieceBytes, content.length);
    const piece = await content.read(start, end);
    const isLast = end === content.length;
    let bytes: Uint8Array = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    if (start === 0) {
      if (isUtf16(bytes)) return faults.add(field, "NOT_UTF8", `${quote(filename)} is UTF-16; save it as UTF-8`);
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3);
    }
    isOldMac ??= endsWithCr(bytes, isLast);
    if (isSkipping) {
      const { next, isWhole } = lineEnd(bytes, 0, isOldMac ?? false);
      if (!isWhole && !isLast) {
        // A CR at the end may be half of a CRLF.
        rest = bytes.at(-1) === cr ? bytes.subarray(-1) : new Uint8Array();
        continue;
      }
      bytes = bytes.subarray(next);
      isSkipping = false;
      number++;
    }
    const cut = isLast ? bytes.length : lastBreak(bytes, isOldMac ?? false);
    rest = bytes.subarray(cut);
    if (rest.length > datasetLimits.rowBytes) {
      isSkipping = true;
      rest = new Uint8Array();
    }
    const complete = bytes.subarray(0, cut);
    const text = decode(complete, number, isOldMac ?? false, source);
    const lines = isOldMac ? splitAtAny(text, number) : splitAtNewline(text, number);
    number += lines.length;
    const fitting = lines.filter((line) => {
      const fits = line.text.length * 3 <= datasetLimits.rowBytes || Buffer.byteLength(line.text) <= datasetLimits.rowBytes;
      if (!fits) tooLong(line.number);
      return fits;
    });
    if (isSkipping) tooLong(number);
    if (fitting.length > 0) yield fitting;
  }
}

const lf = 0x0a;
const cr = 0x0d;

function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

/** Whether the first line ends with a lone CR; undefined while nobody can know. */
function endsWithCr(bytes: Uint8Array, isLast: boolean): boolean | undefined {
  const newline = bytes.indexOf(lf);
  const carriage = bytes.indexOf(cr);
  if (carriage !== -1 && (newline === -1 || carriage < newline - 1)) return carriage < bytes.length - 1 || isLast ? true : undefined;
  return newline === -1 ? undefined : false;
}

/** Where the line that begins at `start` ends and the next begins; it is not whole when its break may come later. */
function lineEnd(bytes: Uint8Array, start: number, isOldMac: boolean): { end: number; next: number; isWhole: boolean } {
  const newline = bytes.indexOf(lf, start);
  const carriage = isOldMac ? bytes.indexOf(cr, start) : -1;
  if (carriage !== -1 && (newline === -1 || carriage < newline))
    return { end: carriage, next: carriage + (newline === carriage + 1 ? 2 : 1), isWhole: carriage < bytes.length - 1 };
  return newline === -1 ? { end: bytes.length, next: bytes.length, isWhole: false } : { end: newline, next: newline + 1, isWhole: true };
}

/** Where the last line begins, which may go on: 0 when it is the only one. A CR at the end may be half of a CRLF. */
function lastBreak(bytes: Uint8Array, isOldMac: boolean): number {
  const newline = bytes.lastIndexOf(lf) + 1;
  return isOldMac ? Math.max(newline, bytes.subarray(0, -1).lastIndexOf(cr) + 1) : newline;
}

function decode(bytes: Uint8Array, firstLine: number, isOldMac: boolean, { filename, field, faults }: TableSource): string {
  try {
    return strict.decode(bytes);
  } catch {
    // A byte of a line break is never part of another UTF-8 character, so lines can be decoded one by one.
    for (let start = 0, line = firstLine; start < bytes.length; line++) {
      const { end, next } = lineEnd(bytes, start, isOldMac);
      try {
        strict.decode(bytes.subarray(start, end));
      } catch {
        const shown = plain(lenient.decode(bytes.subarray(start, Math.min(end, start + 60))));
        faults.add(`${field}.rows[${line}]`, "NOT_UTF8", `${quote(filename)}, row ${line}: "${shown}" is not UTF-8`);
      }
      start = next;
    }
    return lenient.decode(bytes);
  }
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

function splitAtNewline(text: string, first: number): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    const isCrLf = newline !== -1 && end > start && text[end - 1] === "\r";
    const ending = newline === -1 ? "" : isCrLf ? "\r\n" : "\n";
    lines.push({ number: first + lines.length, text: text.slice(start, isCrLf ? end - 1 : end), ending });
    start = end + 1;
  }
  return lines;
}

function splitAtAny(text: string, first: number): Line[] {
  const parts = text.split(/(\r\n|\r|\n)/);
  const lines: Line[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const [line = "", ending = ""] = parts.slice(index, index + 2);
    if (line !== "" || ending !== "") lines.push({ number: first + lines.length, text: line, ending });
  }
  return lines;
}
