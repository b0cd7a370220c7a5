import { type ColumnChunk, type FileMetaData, parquetMetadataAsync, parquetReadObjects, parquetSchema } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { plain, quote } from "../quote.js";
import type { ByteSource } from "./byteSource.js";
import { datasetLimits } from "./datasetLimits.js";
import { checkPages } from "./parquetPages.js";
import type { TableRow, TableSource } from "./parseTable.js";

/**
 * The rows of a Parquet file, in any of its encodings and compressions. Strings that are not UTF-8 stay bytes. Only a window of a row group
 * is decoded at a time.
 */
export async function* parseParquet(source: TableSource, columns: Set<string>): AsyncGenerator<TableRow[], void, undefined> {
  const { content, filename, field, faults, wanted } = source;
  try {
    const metadata = await parquetMetadataAsync(asyncBuffer(content));
    const children = parquetSchema(metadata).children;
    // In a damaged file nothing is as its types say.
    if (!children.every(({ element }) => typeof element.name === "string")) throw new Error("a column has no name");
    for (const { element } of children) columns.add(element.name);
    const read = [...columns].filter((name) => wanted?.includes(name) ?? true);
    const nested = children.filter(({ element, children }) => read.includes(element.name) && (children.length > 0 || isRepeated(element)));
    for (const { element } of nested)
      faults.add(field, "NESTED_COLUMN", `${quote(filename)}: the column ${quote(element.name)} holds lists or structs, not values`);
    if (nested.length > 0 || read.length === 0) return;
    yield* readGroups(content, metadata, read);
  } catch (error) {
    const cause = plain(error instanceof Error ? error.message : String(error));
    faults.add(field, "UNREADABLE_PARQUET", `${quote(filename)} could not be read as Parquet: ${cause}`);
  }
}

async function* readGroups(content: ByteSource, metadata: FileMetaData, columns: string[]): AsyncGenerator<TableRow[], void, undefined> {
  let groupStart = 0;
  for (const group of metadata.row_groups) {
    const groupRows = Number(group.num_rows);
    if (!(groupRows >= 0 && groupRows <= datasetLimits.rows))
      throw new Error(`a row group has ${groupRows} rows; a data set has at most ${datasetLimits.rows}`);
    const chunks = group.columns.filter((chunk) => columns.includes(chunk.meta_data?.path_in_schema[0] ?? ""));
    const stored = sum(chunks, (chunk) => chunk.meta_data?.total_compressed_size);
    if (stored > maxGroupBytes)
      throw new Error(`a row group has ${stored} bytes in these columns, of at most ${maxGroupBytes}; write smaller row groups`);
    const unpacked = sum(chunks, (chunk) => chunk.meta_data?.total_uncompressed_size);
    const windows = Math.max(1, Math.ceil(unpacked / windowBytes));
    const windowRows = Math.min(maxWindowRows, Math.max(minWindowRows, Math.ceil(groupRows / windows)));
    // The windows of a group are cut from the same bytes.
    const file = asyncBuffer(content, new Map());
    for (const { meta_data: column } of chunks) {
      if (!column) throw new Error("a column has no metadata");
      const start = Number(column.dictionary_page_offset || column.data_page_offset);
      checkPages(await file.slice(start, start + Number(column.total_compressed_size)), groupRows);
    }
    const groupEnd = groupStart + groupRows;
    for (let rowStart = groupStart; rowStart < groupEnd; rowStart += windowRows) {
      const rowEnd = Math.min(rowStart + windowRows, groupEnd);
      const rows = await parquetReadObjects({
        file,
        metadata,
        columns,
        rowStart,
        rowEnd,
        compressors,
        parsers: { stringFromBytes },
      });
      if (rows.length !== rowEnd - rowStart) throw new Error(`rows ${rowStart + 1} to ${rowEnd} are not all there`);
      yield rows.map((values, index) => ({ number: rowStart + index + 1, values }));
    }
    groupStart = groupEnd;
  }
}

/** Bytes of the wanted columns of a row group, as they are stored: they are in memory at once. */
const maxGroupBytes = 128 * 1024 * 1024;
/** About this much of a row group is decoded at a time ... */
const windowBytes = 16 * 1024 * 1024;
/** ... but no fewer and no more rows than these. */
const minWindowRows = 10_000;
const maxWindowRows = 100_000;

/** A file as hyparquet reads it. @param kept ranges that were read before */
function asyncBuffer(content: ByteSource, kept?: Map<string, Promise<ArrayBuffer>>) {
  const read = async (start: number, end: number): Promise<ArrayBuffer> => {
    const bytes = await content.read(start, end);
    const isWhole = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer;
    return isWhole ? bytes.buffer : Uint8Array.from(bytes).buffer;
  };
  return {
    byteLength: content.length,
    slice: (start: number, end: number = content.length): Promise<ArrayBuffer> => {
      const key = `${start}-${end}`;
      const known = kept?.get(key);
      if (known) return known;
      const reading = read(start, Math.min(end, content.length));
      kept?.set(key, reading);
      return reading;
    },
  };
}

function isRepeated(element: { repetition_type?: string }): boolean {
  return element.repetition_type === "REPEATED";
}

function sum(chunks: readonly ColumnChunk[], bytes: (chunk: ColumnChunk) => bigint | undefined): number {
  return chunks.reduce((total, chunk) => total + Number(bytes(chunk) ?? 0n), 0);
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
