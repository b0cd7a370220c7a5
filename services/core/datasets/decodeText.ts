import type { TableSource } from "./parseTable.js";

/**
 * The text of a UTF-8 file, without its byte order mark. Bytes that are not UTF-8 are faults by line, and stand as U+FFFD in the text so
 * that the other faults of the file are found too.
 */
export function decodeText({ bytes, filename, field, faults }: TableSource): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : undefined;
  if (utf16) {
    faults.add(field, "NOT_UTF8", `"${filename}" is UTF-16; save it as UTF-8`);
    return new TextDecoder(utf16).decode(bytes);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const strict = new TextDecoder("utf-8", { fatal: true });
    // A newline byte is never part of another UTF-8 character, so lines can be decoded one by one.
    for (let start = 0, line = 1; start < bytes.length; line++) {
      const newline = bytes.indexOf(0x0a, start);
      const end = newline === -1 ? bytes.length : newline;
      try {
        strict.decode(bytes.subarray(start, end));
      } catch {
        const shown = new TextDecoder().decode(bytes.subarray(start, Math.min(end, start + 60)));
        faults.add(`${field}.rows[${line}]`, "NOT_UTF8", `"${filename}", row ${line}: ${JSON.stringify(shown)} is not UTF-8`);
      }
      start = end + 1;
    }
    return new TextDecoder().decode(bytes);
  }
}
