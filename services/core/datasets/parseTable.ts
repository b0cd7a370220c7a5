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
  bytes: Uint8Array;
}

export interface TableRow {
  /** As a person counts: in CSV, TSV and JSON Lines the line where the record starts (a header is line 1), in Parquet the row from 1. */
  number: number;
  values: Record<string, unknown>;
}

export interface Table {
  columns: string[];
  rows: TableRow[];
}

/** What a parser reads, and where it reports. */
export interface TableSource {
  filename: string;
  bytes: Uint8Array;
  /** Path of the file in the words of the API. */
  field: string;
  faults: FaultCollector;
}

/**
 * Reads the rows of a file. Whatever is wrong with it goes to the faults, by row; the rows are those that could be read.
 * @param field path of the file in the words of the API, for example `files[0]`
 * @param wanted the columns to read where a format can leave others out (Parquet); all when not given
 */
export async function readTable(file: TableFile, field: string, faults: FaultCollector, wanted?: readonly string[]): Promise<Table> {
  if (file.bytes.length === 0) {
    faults.add(field, "EMPTY_FILE", `"${file.filename}" is empty (0 bytes)`);
    return { columns: [], rows: [] };
  }
  const source = { filename: file.filename, bytes: file.bytes, field, faults };
  switch (file.format) {
    case "CSV":
      return parseCsv(source);
    case "TSV":
      return parseTsv(source);
    case "JSONL":
      return parseJsonLines(source);
    case "PARQUET":
      return parseParquet(source, wanted);
  }
}
