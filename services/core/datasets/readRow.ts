import { countCharacters, quote } from "../quote.js";
import { datasetLimits } from "./datasetLimits.js";
import type { FaultCollector } from "./faultCollector.js";
import { labelName, loneSurrogate } from "./labelName.js";
import type { TableRow } from "./parseTable.js";

/** Which column holds what. */
export interface DatasetColumns {
  text: string;
  /** The second sentence of a pair. */
  textPair?: string;
  label: string;
}

/** A row whose label is still a name. */
export interface LabelledText {
  text: string;
  textPair?: string;
  label: string;
}

/** Reads one row; what is wrong with it goes to the faults, all of it, and then there is no row. */
export function readRow(
  { number, values }: TableRow,
  at: { columns: DatasetColumns; filename: string; field: string; faults: FaultCollector },
): LabelledText | undefined {
  const { columns, filename } = at;
  const fault = (field: string, reason: string, problem: string) =>
    at.faults.add(`${at.field}.rows[${number}].${field}`, reason, `${quote(filename)}, row ${number}: ${problem}`);
  const valueOf = (column: string) => (Object.hasOwn(values, column) ? values[column] : undefined);

  const readText = (field: string, column: string): string | undefined => {
    const value = valueOf(column);
    const problem = textProblem(value);
    if (!problem) return value as string;
    fault(field, problem.reason, `${quote(column)} ${problem.problem}`);
    return undefined;
  };
  const text = readText("text", columns.text);
  const textPair = columns.textPair === undefined ? undefined : readText("text_pair", columns.textPair);
  const value = valueOf(columns.label);
  const label = labelName(value);
  if ("problem" in label)
    fault("label", label.reason, `${quote(columns.label)} ${value === undefined ? "" : `(${quote(value)}) `}${label.problem}`);
  if (text === undefined || (columns.textPair !== undefined && textPair === undefined) || "problem" in label) return undefined;
  return { text, ...(textPair === undefined ? {} : { textPair }), label: label.name };
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
