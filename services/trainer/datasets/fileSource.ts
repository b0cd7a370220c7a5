import { type FileHandle, open } from "node:fs/promises";
import type { ByteSource } from "#core/datasets/byteSource.js";

/** A file of the disk as a source of bytes. */
export interface FileSource extends ByteSource {
  close(): Promise<void>;
}

/** @param onRead called at each read */
export async function openFileSource(path: string, onRead: () => void): Promise<FileSource> {
  const handle = await open(path, "r");
  const { size } = await handle.stat();
  return {
    length: size,
    read: (start, end) => {
      onRead();
      return readFully(handle, start, end);
    },
    close: () => handle.close(),
  };
}

async function readFully(handle: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  for (let filled = 0; filled < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) return bytes.slice(0, filled);
    filled += bytesRead;
  }
  return bytes;
}
