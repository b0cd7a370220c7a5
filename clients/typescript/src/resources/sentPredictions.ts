import type { EvaluatePredictionsRequestInput, FieldViolation } from "@stepwire/proto";
import { quote } from "../mapping/quote.js";
import { nearest } from "../mapping/nearest.js";
import { isPlainObject } from "../mapping/struct.js";
import { unknownKeys, wrongType } from "../mapping/writeMessage.js";
import { StepwireError } from "../stepwireError.js";

/** A predicted class: with probabilities, one a class, or without. Classes are known by name or by place. */
export interface ClassRow {
  label: string | number;
  /** The most probable one by default. */
  predicted?: string | number | undefined;
  probabilities?: readonly number[] | undefined;
  /** Rows of one group, such as sentences of a document, are alike. Given for all rows or for none. */
  group?: string | number | undefined;
}

/** A predicted number. */
export interface NumberRow {
  target: number;
  predicted: number;
  group?: string | number | undefined;
}

/** What a language model made of a completion. */
export interface CompletionRow {
  /** Sum over its tokens, in nats. */
  loss: number;
  tokens: number;
  /** Tokens that were the most probable. */
  correct: number;
  group?: string | number | undefined;
}

export type PredictionRow = ClassRow | NumberRow | CompletionRow;

const rowKeys: Readonly<Record<string, readonly string[]>> = {
  classification: ["label", "predicted", "probabilities", "group"],
  regression: ["target", "predicted", "group"],
  causal_lm: ["loss", "tokens", "correct", "group"],
};
const most = { rows: 16_384, probabilities: 131_072, violations: 100 };

type Rows = NonNullable<EvaluatePredictionsRequestInput["rows"]>;
type Columns = Record<Exclude<keyof Rows, `_${string}`>, number[]>;

/**
 * Rows as the messages that carry them, in columns.
 * @throws StepwireError INVALID_ARGUMENT with the first 100 things that are wrong with rows, which are all read when there are fewer
 */
export async function* rowMessages(
  rows: Iterable<unknown> | AsyncIterable<unknown>,
  { task, classes }: { task: string; classes: readonly string[] },
): AsyncGenerator<EvaluatePredictionsRequestInput, void, undefined> {
  // The server says what is wrong with a task or with classes, which would make all rows wrong.
  if (rowKeys[task] === undefined || (task === "classification" && classes.length < 2)) return;
  const places = new Map(classes.map((name, place) => [name, place]));
  const groups = new Map<string | number, number>();
  const violations: FieldViolation[] = [];
  const batch = Math.max(1, Math.min(most.rows, Math.floor(most.probabilities / Math.max(1, classes.length))));
  const names: RowNames = { task, places, groups, first: undefined };
  let columns = empty();
  let [index, held] = [0, 0];
  for await (const row of rows) {
    readRow(row, `rows[${index}]`, names, columns, violations);
    index++;
    held++;
    // What is left is read for what is wrong with it.
    if (violations.length >= most.violations) break;
    if (violations.length > 0) columns = empty();
    else if (held >= batch) {
      yield { rows: columns };
      columns = empty();
      held = 0;
    }
  }
  if (violations.length > 0) throw StepwireError.invalid(violations.slice(0, most.violations));
  if (held > 0) yield { rows: columns };
}

/** What is wrong with rows that are not sent: the first 100 faults. */
export async function rowFaults(...asked: Parameters<typeof rowMessages>): Promise<readonly FieldViolation[]> {
  try {
    for await (const _message of rowMessages(...asked));
    return [];
  } catch (error) {
    const failure = StepwireError.from(error);
    if (failure.violations.length === 0) throw failure;
    return failure.violations;
  }
}

function empty(): Columns {
  return {
    ...{ labels: [], predicted: [], probabilities: [], targets: [], predicted_numbers: [] },
    ...{ losses: [], tokens: [], correct_tokens: [], groups: [] },
  };
}

interface RowNames {
  task: string;
  places: ReadonlyMap<string, number>;
  groups: Map<string | number, number>;
  /** What the first row has; null once a row was told that has something else. */
  first: { index: string; keys: readonly string[] } | null | undefined;
}

function readRow(row: unknown, field: string, names: RowNames, columns: Columns, violations: FieldViolation[]): void {
  if (!isPlainObject(row)) {
    violations.push(wrongType(field, row, "an object"));
    return;
  }
  const number = (name: string, column: number[]) => {
    const value = row[name];
    if (typeof value === "number") column.push(value);
    else violations.push(wrongType(`${field}.${name}`, value, "a number"));
  };
  const count = (name: string, column: number[]) => {
    const value = row[name];
    if (isCount(value)) column.push(value);
    else violations.push(wrongType(`${field}.${name}`, value, "a whole number from 0"));
  };
  violations.push(...unknownKeys(row, rowKeys[names.task] ?? [], field), ...otherKeys(row, field, names));
  if (names.task === "regression") {
    number("target", columns.targets);
    number("predicted", columns.predicted_numbers);
  } else if (names.task === "causal_lm") {
    number("loss", columns.losses);
    count("tokens", columns.tokens);
    count("correct", columns.correct_tokens);
  } else readClasses(row, field, names, columns, violations);
  const { group } = row;
  if (group === undefined) return;
  if (typeof group !== "string" && typeof group !== "number") violations.push(wrongType(`${field}.group`, group, "a string or a number"));
  else {
    if (!names.groups.has(group)) names.groups.set(group, names.groups.size);
    columns.groups.push(names.groups.get(group) ?? 0);
  }
}

/** What may be left out has to be there for all rows or for none; the first row that differs is told. */
function otherKeys(row: Record<string, unknown>, field: string, names: RowNames): FieldViolation[] {
  const optional = names.task === "classification" ? ["predicted", "probabilities", "group"] : ["group"];
  const keys = optional.filter((key) => row[key] !== undefined);
  // A row of classes with neither has a fault of its own.
  if (names.first === null || (names.task === "classification" && !keys.some((key) => key !== "group"))) return [];
  names.first ??= { index: field, keys };
  const { index, keys: first } = names.first;
  if (keys.join() === first.join()) return [];
  names.first = null;
  const listed = (some: readonly string[]) => (some.length === 0 ? `no ${optional.join(", no ")}` : some.join(" and "));
  const description = `has ${listed(keys)}, and ${index} has ${listed(first)}; allowed: the same for all rows`;
  return [{ field, reason: "COLUMNS_DIFFER", description }];
}

function readClasses(
  { label, predicted, probabilities }: Record<string, unknown>,
  field: string,
  { places }: RowNames,
  columns: Columns,
  violations: FieldViolation[],
): void {
  readClass(label, `${field}.label`, places, columns.labels, violations);
  if (predicted !== undefined) readClass(predicted, `${field}.predicted`, places, columns.predicted, violations);
  if (probabilities === undefined) {
    if (predicted === undefined)
      violations.push({ field, reason: "REQUIRED", description: "has neither predicted nor probabilities; give one of them" });
    return;
  }
  if (!Array.isArray(probabilities) || !probabilities.every((each) => typeof each === "number"))
    violations.push(wrongType(`${field}.probabilities`, probabilities, "a list of numbers"));
  else if (probabilities.length !== places.size)
    violations.push({
      field: `${field}.probabilities`,
      reason: "COUNTS_DIFFER",
      description: `has ${probabilities.length} numbers; allowed: ${places.size}, one a class`,
    });
  else for (const each of probabilities) columns.probabilities.push(each);
}

function readClass(
  value: unknown,
  field: string,
  places: ReadonlyMap<string, number>,
  column: number[],
  violations: FieldViolation[],
): void {
  const place = typeof value === "string" ? places.get(value) : value;
  if (isCount(place) && place < places.size) column.push(place);
  else if (typeof value === "string" || typeof value === "number") {
    const names = [...places.keys()];
    const meant = typeof value === "string" ? nearest(value, names) : undefined;
    const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
    const shown = names.slice(0, 10).join(", ");
    const allowed = `${shown}${names.length > 10 ? ` and ${names.length - 10} more` : ""}, or 0 to ${names.length - 1}`;
    violations.push({ field, reason: "UNKNOWN_VALUE", description: `${quote(value)} is not a class; allowed: ${allowed}${hint}` });
  } else violations.push(wrongType(field, value, "the name or place of a class"));
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32;
}
