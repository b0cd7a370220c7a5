import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import type { Table, TableSource } from "./parseTable.js";

/**
 * The rows of a Parquet file, in any of its encodings and compressions. Strings that are not UTF-8 stay bytes.
 * @param wanted the columns to read; all when not given
 */
export async function parseParquet({ bytes, filename, field, faults }: TableSource, wanted?: readonly string[]): Promise<Table> {
  const file = {
    byteLength: bytes.length,
    slice: (start: number, end?: number) => Uint8Array.from(bytes.subarray(start, end)).buffer,
  };
  try {
    const metadata = await parquetMetadataAsync(file);
    const columns = parquetSchema(metadata).children.map((child) => child.element.name);
    const read = wanted ? columns.filter((name) => wanted.includes(name)) : columns;
    if (read.length === 0) return { columns, rows: [] };
    const rows = await parquetReadObjects({ file, metadata, columns: read, compressors, parsers: { stringFromBytes } });
    return { columns, rows: rows.map((values, index) => ({ number: index + 1, values })) };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    faults.add(field, "UNREADABLE_PARQUET", `"${filename}" could not be read as Parquet: ${cause}`);
    return { columns: [], rows: [] };
  }
}

function stringFromBytes(bytes: Uint8Array | undefined): string | Uint8Array | undefined {
  if (!bytes) return undefined;
  try {
    return decoder.decode(bytes);
  } catch {
    return bytes;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
