import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import type { FieldViolation } from "@stepwire/proto";
import { nearest } from "../mapping/nearest.js";
import { quote, quotePath } from "../mapping/quote.js";
import { isPlainObject } from "../mapping/struct.js";
import { unknownKeys, wrongType } from "../mapping/writeMessage.js";

/** CSV; TSV: tab-separated without quoting; JSONL: one JSON object a line. */
export type DatasetFormat = "CSV" | "TSV" | "JSONL" | "PARQUET";

/** One file of an import: either `path` or `content`. */
export interface DatasetFile {
  /** "train", "validation" or "test". */
  split: string;
  /** A file on this machine. */
  path?: string | undefined;
  /** The file's content. */
  content?: string | Uint8Array | undefined;
  /** Told by the extension of `path` when left out: .csv, .tsv, .jsonl, .ndjson, .parquet. */
  format?: DatasetFormat | undefined;
}

/** A file that can be read. */
export interface OpenableFile {
  split: string;
  format: DatasetFormat;
  filename: string;
  bytes: number;
  /** In pieces of at most 256 KiB. */
  chunks(): AsyncIterable<Uint8Array>;
}

const formats: readonly DatasetFormat[] = ["CSV", "TSV", "JSONL", "PARQUET"];
const byExtension: Readonly<Record<string, DatasetFormat>> = {
  ".csv": "CSV",
  ".tsv": "TSV",
  ".jsonl": "JSONL",
  ".ndjson": "JSONL",
  ".parquet": "PARQUET",
};
const chunkBytes = 256 * 1024;

/** Checks everything that can be checked before a byte is sent. */
export async function checkFiles(files: readonly unknown[], violations: FieldViolation[]): Promise<OpenableFile[]> {
  const before = violations.length;
  for (const [index, file] of files.entries()) checkKinds(file, `files[${index}]`, violations);
  if (violations.length > before) return [];
  return await Promise.all(files.map((file, index) => checkFile(file as DatasetFile, `files[${index}]`, violations)));
}

/** What a caller without types may get wrong. */
function checkKinds(file: unknown, field: string, violations: FieldViolation[]): void {
  if (!isPlainObject(file)) {
    violations.push(wrongType(field, file, "an object"));
    return;
  }
  violations.push(...unknownKeys(file, ["split", "path", "content", "format"], field));
  const { content } = file;
  for (const name of ["split", "path", "format"] as const)
    if (file[name] !== undefined && typeof file[name] !== "string") violations.push(wrongType(`${field}.${name}`, file[name], "a string"));
  if (content !== undefined && typeof content !== "string" && !(content instanceof Uint8Array))
    violations.push(wrongType(`${field}.content`, content, "a string or a Uint8Array"));
}

async function checkFile(file: DatasetFile, field: string, violations: FieldViolation[]): Promise<OpenableFile> {
  const { split, path, content, format } = file;
  if (split === undefined || split === "")
    violations.push({ field: `${field}.split`, reason: "REQUIRED", description: 'is not set; allowed: "train", "validation", "test"' });
  if ((path === undefined) === (content === undefined))
    violations.push({
      field,
      reason: "REQUIRED",
      description: `has ${path === undefined ? "neither" : "both"} path and content; give one of them`,
    });
  return {
    split,
    filename: path === undefined ? `${split} content` : basename(path),
    format: checkFormat(format, path, field, violations),
    bytes: path === undefined ? Buffer.byteLength(content ?? "") : await fileSize(path, field, violations),
    chunks: () => (path === undefined ? pieces(Buffer.from(content ?? "")) : createReadStream(path, { highWaterMark: chunkBytes })),
  };
}

function checkFormat(
  format: DatasetFormat | undefined,
  path: string | undefined,
  field: string,
  violations: FieldViolation[],
): DatasetFormat {
  const allowed = formats.join(", ");
  if (format !== undefined && !formats.includes(format)) {
    const meant = nearest(format, formats);
    const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
    violations.push({
      field: `${field}.format`,
      reason: "UNKNOWN_VALUE",
      description: `${quote(format)} is not one of ${allowed}${hint}`,
    });
  }
  const found = format ?? (path === undefined ? undefined : byExtension[extname(path).toLowerCase()]);
  if (found === undefined) {
    const why = path === undefined ? "content has no extension that tells its format" : `"${path}" has no extension that tells its format`;
    violations.push({ field: `${field}.format`, reason: "REQUIRED", description: `${why}; allowed formats: ${allowed}` });
  }
  return found ?? "CSV";
}

async function fileSize(path: string, field: string, violations: FieldViolation[]): Promise<number> {
  const found = await stat(path).catch((error: unknown) => error as NodeJS.ErrnoException);
  if (found instanceof Error)
    violations.push({
      field: `${field}.path`,
      reason: "NOT_FOUND",
      description: `${quotePath(path)} cannot be read: ${found.code === "ENOENT" ? "there is no such file" : found.message}`,
    });
  else if (!found.isFile()) violations.push({ field: `${field}.path`, reason: "WRONG_TYPE", description: `"${path}" is not a file` });
  else return found.size;
  return 0;
}

async function* pieces(content: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let start = 0; start < content.length; start += chunkBytes) yield content.subarray(start, start + chunkBytes);
}
