import { countCharacters, quote } from "../quote.js";
import { datasetLimits } from "./datasetLimits.js";
import { type DatasetColumns, datasetKind } from "./datasetColumns.js";
import type { FaultCollector } from "./faultCollector.js";
import { labelName, loneSurrogate } from "./labelName.js";
import type { TableRow } from "./parseTable.js";
import { targetNumber } from "./targetNumber.js";

/** A row as its file has it. */
export interface ReadRow {
  text: string;
  textPair?: string;
  /** The name of a class; of numbers the number; of completions 0. */
  label: string | number;
}

/** Reads one row; what is wrong with it goes to the faults, all of it, and then there is no row. */
export function readRow(
  { number, values }: TableRow,
  at: { columns: DatasetColumns; filename: string; field: string; faults: FaultCollector },
): ReadRow | undefined {
  const { columns, filename } = at;
  const fault = (field: string, reason: string, problem: string) =>
    at.faults.add(`${at.field}.rows[${number}].${field}`, reason, `${quote(filename)}, row ${number}: ${problem}`);
  const valueOf = (column: string) => (Object.hasOwn(values, column) ? values[column] : undefined);

  const readText = (field: string, column: string, mayBeEmpty = false): string | undefined => {
    const value = valueOf(column);
    const problem = textProblem(value);
    if (!problem || (mayBeEmpty && problem.reason === "EMPTY_TEXT")) return value as string;
    fault(field, problem.reason, `${quote(column)} ${problem.problem}`);
    return undefined;
  };
  const readLabel = (): string | number | undefined => {
    const [field, column] = columns.target === undefined ? ["label", columns.label ?? ""] : ["target", columns.target];
    const value = valueOf(column);
    const read = field === "label" ? labelName(value) : targetNumber(value);
    if (!("problem" in read)) return "name" in read ? read.name : read.number;
    fault(field, read.reason, `${quote(column)} ${value === undefined ? "" : `(${quote(value)}) `}${read.problem}`);
    return undefined;
  };
  if (datasetKind(columns) === "completions") {
    const prompt = columns.prompt === undefined ? "" : readText("prompt", columns.prompt, true);
    const completion = readText("completion", columns.completion ?? "");
    return prompt === undefined || completion === undefined ? undefined : { text: prompt, textPair: completion, label: 0 };
  }
  const text = readText("text", columns.text ?? "");
  const textPair = columns.textPair === undefined ? undefined : readText("text_pair", columns.textPair);
  const label = readLabel();
  if (text === undefined || (columns.textPair !== undefined && textPair === undefined) || label === undefined) return undefined;
  return { text, ...(textPair === undefined ? {} : { textPair }), label };
}

function textProblem(value: unknown): { reason: string; problem: string } | undefined {
  if (value === undefined || value === null) return { reason: "MISSING_TEXT", problem: "is missing" };
  if (value instanceof Uint8Array)
    return { reason: "NOT_UTF8", problem: `is not UTF-8: ${quote(new TextDecoder().decode(value.subarray(0, 60)))}` };
  if (typeof value !== "string") return { reason: "NOT_A_TEXT", problem: `is ${quote(value)}, which is not a text` };
  if (value.trim() === "") return { reason: "EMPTY_TEXT", problem: `is empty: ${quote(value)}` };
  if (loneSurrogate.test(value)) return { reason: "NOT_UNICODE", problem: `has half of a surrogate pair: ${quote(value)}` };
  // Code points are at most as many as UTF-16 units, so most texts need no counting.
  const most = datasetLimits.textCharacters;
  const characters = value.length > most ? countCharacters(value) : 0;
  if (characters > most) return { reason: "TEXT_TOO_LONG", problem: `has ${characters} characters, of at most ${most}: ${quote(value)}` };
  return undefined;
}
