import { quote } from "../quote.js";
import type { ByteSource } from "./byteSource.js";
import type { FaultCollector } from "./faultCollector.js";
import { parseCsv } from "./parseCsv.js";
import { parseJsonLines } from "./parseJsonLines.js";
import { parseParquet } from "./parseParquet.js";
import { parseTsv } from "./parseTsv.js";

/** A file of rows as it came. */
export interface TableFile {
  format: "CSV" | "TSV" | "JSONL" | "PARQUET";
  /** Named in faults. */
  filename: string;
  content: ByteSource;
}

export interface TableRow {
  /** As a person counts: in CSV, TSV and JSON Lines the line where the record starts (a header is line 1), in Parquet the row from 1. */
  number: number;
  values: Record<string, unknown>;
}

/** The rows of a file, some at a time: only those that could be read. */
export type TableRows = AsyncIterable<readonly TableRow[]>;

/** A file that is being read. */
export interface Table {
  /** Complete once all rows were read: in JSON Lines the last row may have a column of its own. */
  columns: ReadonlySet<string>;
  rows: TableRows;
}

/** What a parser reads, and where it reports. */
export interface TableSource {
  filename: string;
  content: ByteSource;
  /** Path of the file in the words of the API. */
  field: string;
  faults: FaultCollector;
  /** The columns whose values are wanted; all when not given. */
  wanted?: readonly string[];
}

/**
 * Reads the rows of a file, as they are asked for. Whatever is wrong with it goes to the faults, by row.
 * @param field path of the file in the words of the API, for example `files[0]`
 */
export function readTable(file: TableFile, field: string, faults: FaultCollector, wanted?: readonly string[]): Table {
  const columns = new Set<string>();
  const source = { filename: file.filename, content: file.content, field, faults, ...(wanted && { wanted }) };
  return { columns, rows: parse(file.format, source, columns) };
}

function parse(format: TableFile["format"], source: TableSource, columns: Set<string>): TableRows {
  if (source.content.length === 0) {
    source.faults.add(source.field, "EMPTY_FILE", `${quote(source.filename)} is empty (0 bytes)`);
    return none();
  }
  switch (format) {
    case "CSV":
      return parseCsv(source, columns);
    case "TSV":
      return parseTsv(source, columns);
    case "JSONL":
      return parseJsonLines(source, columns);
    case "PARQUET":
      return parseParquet(source, columns);
  }
}

async function* none(): AsyncGenerator<TableRow[], void, undefined> {}
