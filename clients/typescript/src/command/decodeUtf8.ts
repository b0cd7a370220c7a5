/** The text of UTF-8, without the mark that some programs begin a file with; `undefined` where bytes are something else, which would be replaced without a word. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What is said of other bytes. */
export const notUtf8 = "is not UTF-8; save the file in that encoding";
