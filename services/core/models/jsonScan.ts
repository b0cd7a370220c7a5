/** What a JSON text may hold, so that parsing it takes bounded time and memory. */
export interface JsonLimits {
  /** Lists and objects inside one another. */
  depth: number;
  /** Lists and objects in all. */
  containers: number;
}

/**
 * Looks through a JSON text without parsing it: a text of brackets takes a parser 25 times its size.
 * @param bytes UTF-8; need not be valid JSON
 * @returns what is too much, in words, or undefined
 */
export function jsonExcess(bytes: Uint8Array, limits: JsonLimits): string | undefined {
  let depth = 0;
  let containers = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quoteMark) at = endOfString(bytes, at);
    else if (byte === openList || byte === openObject) {
      if (++depth > limits.depth) return `nests deeper than ${limits.depth}`;
      if (++containers > limits.containers) return `has more than ${limits.containers} lists and objects`;
    } else if (byte === closeList || byte === closeObject) depth--;
  }
  return undefined;
}

/**
 * The first key that stands twice in one object, where `JSON.parse` would silently take the last.
 * @param bytes valid JSON
 */
export function repeatedKey(bytes: Uint8Array): string | undefined {
  const open: Set<string>[] = [];
  const decoder = new TextDecoder();
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === openObject || byte === openList) open.push(new Set());
    else if (byte === closeObject || byte === closeList) open.pop();
    else if (byte === quoteMark) {
      const end = endOfString(bytes, at);
      let after = end + 1;
      while (isSpace(bytes[after])) after++;
      if (bytes[after] === colon) {
        const key = JSON.parse(decoder.decode(bytes.subarray(at, end + 1))) as string;
        const keys = open.at(-1);
        if (keys?.has(key)) return key;
        keys?.add(key);
      }
      at = end;
    }
  }
  return undefined;
}

/** The place of the quote that closes the string which opens at `start`, or the end of the text. */
function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== quoteMark) at += bytes[at] === backslash ? 2 : 1;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

const quoteMark = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;
