import type { FieldViolation } from "@stepwire/proto";
import { quote, quotePath } from "../mapping/quote.js";
import type { EvaluationHandle, SentPredictions } from "../resources/evaluations.js";
import { rowFaults } from "../resources/sentPredictions.js";
import type { Stepwire } from "../stepwire.js";
import { StepwireError } from "../stepwireError.js";
import type { EvaluateOptions } from "./evaluate.js";
import type { Output } from "./output.js";
import { type PredictionsFile, openPredictionsFile } from "./predictionsFile.js";

const ofPredictions = ["model", "dataset", "task", "classes", "trainingSeed"] as const;
const most = { classes: 256, violations: 100 };

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

/** What flags say of predictions, read already. */
export interface PredictionFlags extends Pick<SentPredictions, "seed" | "level" | "interval" | "bootstrap"> {
  /** What is wrong with them. */
  violations: readonly FieldViolation[];
}

/**
 * Has the predictions of a file measured.
 * @throws StepwireError with everything that is wrong with the flags, the file and its rows; fields of rows begin with the file and the line
 */
export async function evaluatePredictions(
  stepwire: Stepwire,
  options: EvaluateOptions,
  { violations: ofFlags, ...flags }: PredictionFlags,
  output: Output,
  signal: AbortSignal,
): Promise<EvaluationHandle> {
  const { predictions: path = "", model = "", dataset = "", task = "classification" } = options;
  const file = openPredictionsFile(path, output);
  const { classes, violations: ofClasses } = task === "classification" ? await classesOf(options.classes, file) : noClasses;
  const asked = { ...flags, model, dataset, task };
  const send = async (rows: AsyncIterable<unknown> | Iterable<unknown>, named: readonly string[]) =>
    // Rows are checked one by one when they are sent.
    await stepwire.evaluations.fromPredictions({ ...asked, rows: rows as SentPredictions["rows"], classes: named }, { signal });
  /** Of rows beside what else is wrong: classes that are wrong make every row wrong. */
  const faultsOfRows = async (others: readonly FieldViolation[]) =>
    others.some(({ field }) => /classes|\btask|^--predictions/.test(field))
      ? await file.unreadableLines()
      : file.placed(await rowFaults(file.rows(), { task, classes }));

  const known = [...ofFlags, ...ofClasses];
  try {
    // Without rows nothing is stored.
    return await (known.length === 0 ? send(file.rows(), classes) : send([], ofClasses.length > 0 ? ["0", "1"] : classes));
  } catch (error) {
    const failure = StepwireError.from(error);
    if (failure.violations.length === 0) throw failure;
    const found = failure.violations.filter(({ field }) => known.length === 0 || field !== "rows");
    const others = [...known, ...found];
    if (found.some(({ field }) => field.startsWith("rows"))) throw StepwireError.invalid(file.placed(others));
    // The server answered before it had the rows.
    throw StepwireError.invalid([...others, ...(await faultsOfRows(others))].slice(0, most.violations));
  }
}

interface Classes {
  classes: string[];
  violations: FieldViolation[];
}
const noClasses: Classes = { classes: [], violations: [] };

/** Those that are given, else names in order, or numbers up to the greatest. */
async function classesOf(given: string | undefined, file: PredictionsFile): Promise<Classes> {
  if (given !== undefined) return { classes: given.split(",").map((name) => name.trim()), violations: [] };
  const names = new Set<string>();
  let count = 0;
  for await (const row of file.rows()) {
    const { label, predicted, probabilities } = (row ?? {}) as Record<string, unknown>;
    for (const value of [label, predicted]) {
      if (typeof value === "string" && names.size <= most.classes) names.add(value);
      if (Number.isInteger(value)) count = Math.max(count, Number(value) + 1);
    }
    if (Array.isArray(probabilities)) count = Math.max(count, probabilities.length);
  }
  const refuse = (field: string, reason: string, description: string): Classes => ({
    classes: [],
    violations: [{ field, reason, description }],
  });
  // Probabilities stand in the order of classes, which names alone do not tell.
  if (names.size > 0 && count > 0)
    return refuse("--classes", "REQUIRED", "is not given; probabilities or numbers beside names of classes need them in their order");
  if (names.size > most.classes || count > most.classes) {
    const some = [...names].slice(0, 3).map(quote).join(", ");
    const seen =
      names.size > 0 ? `more than ${most.classes} different names: ${some}, ...` : `${count} classes, numbered from 0 to ${count - 1}`;
    return refuse(
      "--predictions",
      "OUT_OF_RANGE",
      `${quotePath(file.path)} has ${seen}; allowed: 2 to ${most.classes} classes, or --task regression`,
    );
  }
  if (names.size === 1)
    return refuse("--classes", "REQUIRED", `is not given, and ${quote([...names][0])} is the only class in the file; name all of them`);
  const classes = names.size > 0 ? [...names].toSorted() : Array.from({ length: Math.max(2, count) }, (_, place) => String(place));
  return { classes, violations: [] };
}
