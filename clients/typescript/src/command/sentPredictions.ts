import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { FieldViolation } from "@stepwire/proto";
import { quote } from "../mapping/quote.js";
import { isPlainObject } from "../mapping/struct.js";
import type { SentPredictions } from "../resources/evaluations.js";
import { StepwireError } from "../stepwireError.js";
import type { EvaluateOptions } from "./evaluate.js";
import type { Output } from "./output.js";

const ofPredictions = ["model", "dataset", "task", "classes", "trainingSeed"] as const;
const most = { classes: 256, violations: 100 };
const progressRows = 50_000;

/** What is wrong with the choice between a job and predictions. */
export function sourceViolations(job: string | undefined, options: EvaluateOptions): FieldViolation[] {
  const violations: FieldViolation[] = [];
  const add = (field: string, reason: string, description: string) => void violations.push({ field, reason, description });
  const flag = (name: string) => `--${name.replace("trainingSeed", "training-seed")}`;
  if (options.predictions === undefined) {
    if (job === undefined) add("[job]", "REQUIRED", "is not given; give the id of a job, or a file with --predictions");
    for (const name of ofPredictions) if (options[name] !== undefined) add(flag(name), "CONFLICT", "goes with --predictions");
    return violations;
  }
  if (job !== undefined) add("[job]", "CONFLICT", `${quote(job)} is given, and so is --predictions; leave one of the two out`);
  if (options.split !== undefined) add("--split", "CONFLICT", "goes with a job");
  for (const name of ["model", "dataset"] as const)
    if (options[name] === undefined) add(flag(name), "REQUIRED", "is not given; --predictions needs it");
  if (options.classes !== undefined && (options.task ?? "classification") !== "classification")
    add("--classes", "CONFLICT", "goes with the task classification");
  return violations;
}

/** @throws StepwireError when the file cannot be read */
export async function readPredictions(options: EvaluateOptions, seed: number | undefined, output: Output): Promise<SentPredictions> {
  const { predictions: path = "", model = "", dataset = "", task = "classification" } = options;
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) {
    const description = `${quote(path)} cannot be read: there is no such file; allowed: a file of JSON Lines`;
    throw StepwireError.invalid([{ field: "--predictions", reason: "NOT_FOUND", description }]);
  }
  const classes = task === "classification" ? (options.classes?.split(",").map((name) => name.trim()) ?? (await findClasses(path))) : [];
  // Rows are checked one by one when they are sent.
  return {
    model,
    dataset,
    task,
    classes,
    rows: readRows(path, output) as AsyncIterable<unknown> as SentPredictions["rows"],
    ...(seed !== undefined && { seed }),
  };
}

/** Names in order, or numbers up to the greatest. */
async function findClasses(path: string): Promise<string[]> {
  const names = new Set<string>();
  let count = 0;
  for await (const row of readRows(path)) {
    const { label, predicted, probabilities } = row;
    for (const value of [label, predicted]) {
      if (typeof value === "string" && names.size <= most.classes) names.add(value);
      if (Number.isInteger(value)) count = Math.max(count, Number(value) + 1);
    }
    if (Array.isArray(probabilities)) count = Math.max(count, probabilities.length);
  }
  // Probabilities stand in the order of classes, which names alone do not tell.
  if (names.size > 0 && count > 0)
    throw StepwireError.invalid([
      {
        field: "--classes",
        reason: "REQUIRED",
        description: "is not given; probabilities or numbers beside names of classes need them in their order",
      },
    ]);
  if (names.size > 0) return [...names].toSorted();
  return Array.from({ length: Math.max(2, Math.min(count, most.classes)) }, (_, place) => String(place));
}

/** @throws StepwireError with the first 100 lines that are not JSON objects */
async function* readRows(path: string, output?: Output): AsyncGenerator<Record<string, unknown>, void, undefined> {
  const violations: FieldViolation[] = [];
  let [line, rows] = [0, 0];
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    line++;
    if (text.trim() === "") continue;
    const row = parse(text);
    if (row) {
      if (++rows % progressRows === 0) output?.live(`${rows} predictions sent`);
      // A file that Stepwire wrote has each row's number too.
      const { index: _index, ...fields } = row;
      if (violations.length === 0) yield fields;
    } else if (violations.length < most.violations)
      violations.push({ field: `${path}:${line}`, reason: "INVALID_JSON", description: `${quote(text)} is not a JSON object` });
  }
  if (violations.length > 0) throw StepwireError.invalid(violations);
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isPlainObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
