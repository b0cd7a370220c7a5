import type { Fault } from "../fault.js";
import { jsonExcess, repeatedKey } from "./jsonScan.js";
import { describeValue } from "./describeValue.js";

/** One tensor of a safetensors file. Byte offsets count from the start of the file; `end` is exclusive. */
export interface TensorEntry {
  dtype: SafetensorsDtype;
  shape: number[];
  begin: number;
  end: number;
}

/** Bytes a value takes, by data type. */
const dtypeBytes = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  I64: 8,
  U64: 8,
  F64: 8,
} as const;
export type SafetensorsDtype = keyof typeof dtypeBytes;

/** The file starts with the header's length as a little-endian 64-bit number. */
export const safetensorsPrefixBytes = 8;
/** The format allows 100 MB; a tensor takes about 100 bytes, and BERT-large has 400. */
const maxHeaderBytes = 10_000_000;
/** Besides tensors there is one object of metadata; a list is a shape or a pair of offsets. */
const limits = { depth: 4, containers: 300_000 };
/** Faults of one header that are told one by one. */
const maxFaults = 20;
/** What a model's weights are in; faults say this name unless they are told another. */
const weightsFile = "model.safetensors";

/**
 * Reads the first eight bytes.
 * @param prefix the file's first bytes, at least as many as there are up to eight
 * @param fileBytes size of the file
 * @returns the length of the header in bytes, or why there is none
 */
export function readHeaderLength(
  prefix: Uint8Array,
  fileBytes: number,
  field: string,
  file = weightsFile,
): { headerBytes?: number; faults: Fault[] } {
  const refuse = (description: string) => ({ faults: [corrupt({ field, file }, description)] });
  if (fileBytes < safetensorsPrefixBytes || prefix.byteLength < safetensorsPrefixBytes)
    return refuse(`has ${fileBytes} bytes, too few for a safetensors file`);
  const headerBytes = Number(new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true));
  if (headerBytes > maxHeaderBytes)
    return refuse(`says that its header has ${headerBytes} bytes; at most ${maxHeaderBytes} are allowed: it is not a safetensors file`);
  if (headerBytes + safetensorsPrefixBytes > fileBytes)
    return refuse(`is truncated: the header needs ${headerBytes + safetensorsPrefixBytes} bytes, the file has ${fileBytes}`);
  return { headerBytes, faults: [] };
}

/**
 * Reads and checks the header: every tensor's type, shape and place; the data must fill the file with no hole and no overlap.
 * @param header the JSON, `headerBytes` long
 * @param fileBytes size of the whole file
 * @param field the path that faults are reported under
 * @returns the tensors by name, and the texts of the metadata, when there is no fault, and all faults otherwise
 */
export function parseSafetensorsHeader(
  header: Uint8Array,
  fileBytes: number,
  field: string,
  file = weightsFile,
): { tensors?: Map<string, TensorEntry>; metadata?: Map<string, string>; faults: Fault[] } {
  const named = { field, file };
  const dataBegin = safetensorsPrefixBytes + header.byteLength;
  const refuse = (description: string) => ({ faults: [corrupt(named, `is corrupt: its header ${description}`)] });
  const excess = jsonExcess(header, limits);
  if (excess !== undefined) return refuse(excess);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(header));
  } catch {
    // What the parser says quotes the file.
    return refuse("is not JSON");
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) return refuse("is not a JSON object");
  const repeated = repeatedKey(header);
  if (repeated !== undefined) return refuse(`has ${describeValue(repeated)} twice`);

  const faults: Fault[] = [];
  const tensors = new Map<string, TensorEntry>();
  for (const [name, value] of Object.entries(json)) {
    if (name === "__metadata__") continue;
    const entry = parseEntry(value, dataBegin, fileBytes);
    if (typeof entry === "string") faults.push(corrupt(named, `tensor ${describeValue(name)} ${entry}`));
    else tensors.set(name, entry);
    if (faults.length >= maxFaults) break;
  }
  if (faults.length === 0) faults.push(...placeFaults(tensors, dataBegin, fileBytes, named));
  return faults.length === 0 ? { tensors, metadata: textsOf(json), faults } : { faults };
}

function textsOf(header: object): Map<string, string> {
  const metadata = (header as { __metadata__?: unknown }).__metadata__;
  const entries = typeof metadata === "object" && metadata !== null ? Object.entries(metadata) : [];
  return new Map(entries.flatMap(([key, value]) => (typeof value === "string" ? [[key, value] as const] : [])));
}

function parseEntry(value: unknown, dataBegin: number, fileBytes: number): TensorEntry | string {
  if (typeof value !== "object" || value === null) return "is not described by an object";
  const { dtype, shape, data_offsets: offsets } = value as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  if (typeof dtype !== "string" || !Object.hasOwn(dtypeBytes, dtype))
    return `has dtype ${describeValue(dtype)}; allowed: ${Object.keys(dtypeBytes).join(", ")}`;
  if (!isWholes(shape)) return `has shape ${describeValue(shape)}; allowed: a list of whole numbers`;
  if (!isWholes(offsets) || offsets.length !== 2) return `has data_offsets ${describeValue(offsets)}; allowed: two whole numbers`;
  const [from, to] = offsets as [number, number];
  const bytes = shape.reduce((product, size) => product * size, 1) * dtypeBytes[dtype as SafetensorsDtype];
  if (to - from !== bytes) return `lies in bytes ${from} to ${to}; its shape ${describeValue(shape)} of ${dtype} needs ${bytes} bytes`;
  if (dataBegin + to > fileBytes) return `ends at byte ${dataBegin + to}, the file has ${fileBytes}: it is truncated`;
  return { dtype: dtype as SafetensorsDtype, shape, begin: dataBegin + from, end: dataBegin + to };
}

function placeFaults(tensors: ReadonlyMap<string, TensorEntry>, dataBegin: number, fileBytes: number, named: NamedFile): Fault[] {
  const faults: Fault[] = [];
  let reached = dataBegin;
  let before = "the header";
  for (const [name, { begin, end }] of [...tensors].toSorted(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    if (faults.length >= maxFaults) break;
    if (begin < reached)
      faults.push(corrupt(named, `tensor ${describeValue(name)} overlaps ${before}: it starts at byte ${begin}, before byte ${reached}`));
    else if (begin > reached) faults.push(corrupt(named, `bytes ${reached} to ${begin}, after ${before}, belong to no tensor`));
    reached = Math.max(reached, end);
    before = `tensor ${describeValue(name)}`;
  }
  if (reached !== fileBytes && faults.length === 0)
    faults.push(corrupt(named, `has ${fileBytes - reached} bytes after its last tensor that belong to no tensor`));
  return faults;
}

function isWholes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

/** A file as faults name it. */
interface NamedFile {
  field: string;
  file: string;
}

function corrupt({ field, file }: NamedFile, description: string): Fault {
  return { field, reason: "CORRUPT", description: `${file} ${description}` };
}
