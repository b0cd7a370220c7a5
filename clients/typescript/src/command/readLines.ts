import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { decodeUtf8 } from "./decodeUtf8.js";

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
const mostLineBytes = 16 * 2 ** 20;
const [lineFeed, carriageReturn] = [10, 13];

/**
 * The lines of a file of UTF-8, many at a time, without a byte order mark. A line that is something else is `undefined`.
 * @throws RangeError when a line has more than 16 MiB: it would fill the memory
 */
export async function* readLines(path: string): AsyncGenerator<(string | undefined)[], void, undefined> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let isFirst = true;
  const linesOf = (bytes: Buffer): (string | undefined)[] => {
    const marked = isFirst && bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark);
    isFirst = false;
    return splitLines(marked ? bytes.subarray(byteOrderMark.length) : bytes);
  };
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const end = lastBreak(chunk);
    if (end > 0) {
      yield linesOf(Buffer.concat([...held, chunk.subarray(0, end)]));
      [held, heldBytes] = [[], 0];
    }
    held.push(chunk.subarray(end));
    heldBytes += chunk.length - end;
    if (heldBytes > mostLineBytes) throw new RangeError(`has a line of more than ${mostLineBytes} bytes`);
  }
  if (heldBytes > 0) yield linesOf(Buffer.concat(held));
}

/** Where the last line ends that is here as a whole, with its break; 0: there is none. */
function lastBreak(chunk: Buffer): number {
  const feed = chunk.lastIndexOf(lineFeed);
  if (feed >= 0) return feed + 1;
  // The line feed after a carriage return may come with the next piece.
  return chunk.length < 2 ? 0 : chunk.lastIndexOf(carriageReturn, chunk.length - 2) + 1;
}

function splitLines(bytes: Buffer): (string | undefined)[] {
  if (isUtf8(bytes)) return withoutLast(bytes.toString("utf8").split(/\r\n|\n|\r/));
  const lines: (string | undefined)[] = [];
  // Every byte is a character in latin1.
  for (const line of withoutLast(bytes.toString("latin1").split(/\r\n|\n|\r/))) lines.push(decodeUtf8(Buffer.from(line, "latin1")));
  return lines;
}

/** What follows the last break is no line. */
function withoutLast(lines: string[]): string[] {
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
