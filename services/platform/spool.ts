import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A first-in, first-out queue on disk. */
export interface Spool<T> {
  readonly length: number;
  /** False when it is full, or the disk is: nothing was added then. */
  push(item: T): boolean;
  /** The oldest items. */
  take(most: number): T[];
}

const chunkBytes = 64 * 1024;

/**
 * A spool of items that survive JSON. Its file lies in the folder for temporary files and has no name from the moment it is opened: it is
 * gone with the process, however that ends. There is no file while the spool is empty.
 */
export function createSpool<T>(maxBytes: number): Spool<T> {
  let file: number | undefined;
  let length = 0;
  let written = 0;
  let read = 0;
  let unparsed = Buffer.alloc(0);

  const open = () => {
    const path = join(tmpdir(), `stepwire-spool-${randomUUID()}`);
    file = openSync(path, "wx+", 0o600);
    unlinkSync(path);
    return file;
  };
  const close = () => {
    if (file !== undefined) closeSync(file);
    file = undefined;
    written = 0;
    read = 0;
    unparsed = Buffer.alloc(0);
  };
  const nextLine = (): string => {
    for (;;) {
      const end = unparsed.indexOf("\n");
      if (end >= 0) {
        const line = unparsed.toString("utf8", 0, end);
        unparsed = unparsed.subarray(end + 1);
        return line;
      }
      const chunk = Buffer.alloc(chunkBytes);
      const bytes = file === undefined ? 0 : readSync(file, chunk, 0, Math.min(chunk.length, written - read), read);
      if (bytes === 0) throw new Error("The spool's file is shorter than what was written to it.");
      read += bytes;
      unparsed = Buffer.concat([unparsed, chunk.subarray(0, bytes)]);
    }
  };

  return {
    get length() {
      return length;
    },
    push: (item) => {
      const line = Buffer.from(`${JSON.stringify(item)}\n`);
      if (written + line.length > maxBytes) return false;
      try {
        const target = file ?? open();
        // What a full disk took of a line is written over by the next one.
        for (let done = 0; done < line.length;) done += writeSync(target, line, done, line.length - done, written + done);
      } catch {
        return false;
      }
      written += line.length;
      length++;
      return true;
    },
    take: (most) => {
      const items: T[] = [];
      for (; items.length < most && length > 0; length--) items.push(JSON.parse(nextLine()) as T);
      if (length === 0) close();
      return items;
    },
  };
}
