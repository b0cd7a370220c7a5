import { readFileSync } from "node:fs";
import { parquetMetadata } from "hyparquet";
import { expect, it } from "vitest";
import { checkPages } from "./parquetPages.js";

/** The bytes of a file's first column chunk, and how many rows it has. */
function firstChunk(name: string): { chunk: ArrayBuffer; rows: number } {
  const bytes = Uint8Array.from(readFileSync(new URL(`./testdata/${name}.parquet`, import.meta.url))).buffer;
  const [group] = parquetMetadata(bytes).row_groups;
  const column = group?.columns[0]?.meta_data;
  if (!group || !column) throw new Error(`${name} has no column`);
  const start = Number(column.dictionary_page_offset || column.data_page_offset);
  return { chunk: bytes.slice(start, start + Number(column.total_compressed_size)), rows: Number(group.num_rows) };
}

it.each(["snappy-int64", "dictionary", "groups-v2", "nulls"])("believes the pages that pyarrow writes: %s", (name) => {
  const { chunk, rows } = firstChunk(name);
  expect(() => checkPages(chunk, rows)).not.toThrow();
});

it.each(["snappy-int64", "groups-v2"])("refuses pages whose sizes cannot be right: %s", (name) => {
  const { chunk, rows } = firstChunk(name);
  expect(() => checkPages(chunk, rows - 1)).toThrow(/more values than the \d rows/);
  expect(() => checkPages(chunk, rows + 1)).toThrow(`its row group has ${rows + 1} rows`);
  expect(() => checkPages(chunk.slice(0, chunk.byteLength - 3), rows)).toThrow("does not fit into its column");
});
