/** Bytes that can be read piece by piece, such as a file. */
export interface ByteSource {
  /** Bytes in all. */
  length: number;
  /** The bytes from `start` to `end`, `end` not included: fewer only where the source ends. */
  read(start: number, end: number): Promise<Uint8Array>;
}
