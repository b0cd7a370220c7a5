import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { FieldViolation } from "@stepwire/proto";
import { camelCase, snakeCase } from "../mapping/camelCase.js";
import { nearest } from "../mapping/nearest.js";
import { quote, quotePath } from "../mapping/quote.js";
import type { JsonValue } from "../mapping/clientTypes.js";
import type { TrainingJobInput } from "../messages.js";
import type { CreateOptions } from "../resources/createOptions.js";
import type { DatasetColumnsInput, DatasetInput } from "../resources/datasets.js";
import { StepwireError } from "../stepwireError.js";
import { columnFlags, trainFiles } from "./faultFlags.js";
import { type GlobalOptions, globalViolations } from "./globalOptions.js";
import { readElement, readGroup } from "./readElement.js";
import { keyValues, setting, settings, strictNumber, wholeNumber } from "./readValue.js";
import { flagName, type TrainFlag, trainFlags } from "./trainFlags.js";

/** What commander read; the flags of `trainFlags` stand beside these under their camelCase names. */
export interface TrainOptions extends GlobalOptions {
  [flag: string]: unknown;
  dataset?: string;
  text?: string;
  textPair?: string;
  label?: string;
  target?: string;
  prompt?: string;
  completion?: string;
  loraTarget: string[];
  hyperparameter: string[];
  element: string[];
  wrap: string[];
  group: string[];
  scheduleOption: string[];
  jobLabel: string[];
  jobId?: string;
  requestId?: string;
  validateOnly?: boolean;
  detach?: boolean;
  evaluate: boolean;
}

/** What `train` is asked to do. */
export interface TrainRequest {
  /** To import; `undefined`: the job names a data set that exists. */
  dataset: DatasetInput | undefined;
  /** Without `dataset.id` when a data set is to be imported. */
  job: TrainingJobInput;
  create: CreateOptions;
  /** The model's folder when it is a local one. */
  modelFolder: string | undefined;
}

/** @throws StepwireError INVALID_ARGUMENT with everything that is wrong; `field` is a flag */
export function readTrainOptions(options: TrainOptions): TrainRequest {
  const violations = globalViolations(options);
  const job: Record<string, unknown> = {};
  for (const flag of trainFlags) {
    const text = options[camelCase(flagName(flag).slice(2).replaceAll("-", "_"))];
    if (flag.kind === "switch" && text === true) setAt(job, flag.path, true);
    if (typeof text === "string") setAt(job, flag.path, readFlag(flag, text, violations));
  }
  if (options["optimizer"] === undefined && options.element.length === 0)
    violations.push({
      field: "--optimizer",
      reason: "REQUIRED",
      description: "is not given; `stepwire optimizers` lists the names, and --element makes a chain of your own",
    });
  addHyperparameters(job, options.hyperparameter, violations);
  addChain(job, options, violations);
  addScheduleOptions(job, options.scheduleOption, violations);
  if (options.loraTarget.length > 0) setAt(job, "lora.targets", options.loraTarget);
  const labels = keyValues("--job-label", options.jobLabel);
  violations.push(...labels.violations);
  if (options.jobLabel.length > 0) job["labels"] = labels.value;
  const dataset = readDataset(options, violations);
  if (options.dataset !== undefined) setAt(job, "dataset.id", options.dataset);
  if (violations.length > 0) throw StepwireError.invalid(violations);

  const model = options["model"] as string | undefined;
  const modelFolder = model !== undefined && existsSync(model) && statSync(model).isDirectory() ? resolve(model) : undefined;
  if (modelFolder !== undefined) job["model"] = modelFolder;
  return {
    dataset,
    job,
    create: { id: options.jobId, requestId: options.requestId, validateOnly: options.validateOnly },
    modelFolder,
  };
}

function readFlag(flag: TrainFlag, text: string, violations: FieldViolation[]): unknown {
  const name = flagName(flag);
  if (flag.kind === "choice") {
    const choices = flag.choices ?? [];
    if (choices.includes(text)) return text.toUpperCase();
    const meant = nearest(text, choices);
    const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
    violations.push({ field: name, reason: "UNKNOWN_VALUE", description: `${quote(text)} is not one of ${choices.join(", ")}${hint}` });
    return undefined;
  }
  if (flag.kind === "text") {
    if (text.trim() === "") violations.push({ field: name, reason: "REQUIRED", description: "is empty" });
    return text;
  }
  const read = flag.kind === "integer" ? wholeNumber(name, text) : strictNumber(name, text);
  violations.push(...read.violations);
  return read.value;
}

/** Sets `a.b.c` in the SDK's spelling; the keys of hyperparameters are data and stay as they are. */
function setAt(target: Record<string, unknown>, path: string, value: unknown): void {
  const [first = "", ...rest] = path.split(".");
  const data = rest.length > 0 && first === "hyperparameters";
  if (rest.length === 0) target[camelCase(first)] = value;
  else {
    const key = camelCase(first);
    const inner = (target[key] ??= {}) as Record<string, unknown>;
    if (data) inner[rest.join(".")] = value;
    else setAt(inner, rest.join("."), value);
  }
}

function addHyperparameters(job: Record<string, unknown>, texts: readonly string[], violations: FieldViolation[]): void {
  const given = keyValues("--hyperparameter", texts);
  violations.push(...given.violations);
  if (Object.keys(given.value).length === 0) return;
  const optimizer = (job["optimizer"] ??= {}) as { hyperparameters?: Record<string, JsonValue> };
  // Without a prototype, `__proto__` is a name like others.
  const hyperparameters = Object.assign(Object.create(null) as Record<string, JsonValue>, optimizer.hyperparameters);
  optimizer.hyperparameters = hyperparameters;
  for (const [name, text] of Object.entries(given.value)) {
    if (name in hyperparameters)
      violations.push({
        field: "--hyperparameter",
        reason: "CONFLICT",
        description: `${quote(name)} is given twice: ${quote(hyperparameters[name])} and ${quote(text)}`,
      });
    const read = setting(`--hyperparameter ${name}`, text);
    violations.push(...read.violations);
    hyperparameters[name] = read.value;
  }
}

/** The caller's own chain, the wrappers and the groups, in their order. */
function addChain(job: Record<string, unknown>, { element, wrap, group }: TrainOptions, violations: FieldViolation[]): void {
  const parts = {
    chain: element.map((text) => readElement("--element", text)),
    wrappers: wrap.map((text) => readElement("--wrap", text)),
    groups: group.map(readGroup),
  };
  for (const [field, reads] of Object.entries(parts)) {
    violations.push(...reads.flatMap((read) => read.violations));
    if (reads.length > 0)
      setAt(
        job,
        `optimizer.${field}`,
        reads.map(({ value }) => value),
      );
  }
}

function addScheduleOptions(job: Record<string, unknown>, texts: readonly string[], violations: FieldViolation[]): void {
  const read = settings("--schedule-option", texts);
  violations.push(...read.violations);
  if (texts.length > 0) setAt(job, "schedule.options", read.value);
}

function readDataset(options: TrainOptions, violations: FieldViolation[]): DatasetInput | undefined {
  const { dataset, text, textPair, label, target, prompt, completion } = options;
  const columns = { text, textPair, label, target, prompt, completion };
  const files = trainFiles(options);
  if (dataset !== undefined) {
    const chosen = Object.entries(columns).filter(([, value]) => value !== undefined);
    const flags = chosen.map(([name]) => columnFlags[snakeCase(name)] ?? name);
    const names = [...files.map(({ flag }) => flag), ...flags];
    if (names.length > 0)
      violations.push({
        field: "--dataset",
        reason: "CONFLICT",
        description: `"${dataset}" was imported already, so ${names.join(", ")} cannot be given`,
      });
    return undefined;
  }
  if (!files.some(({ split }) => split === "train"))
    violations.push({
      field: "--train",
      reason: "REQUIRED",
      description: "is not given; give a file, or an imported data set with --dataset",
    });
  for (const { flag, path } of files)
    if (!existsSync(path))
      violations.push({ field: flag, reason: "NOT_FOUND", description: `${quotePath(path)} cannot be read: there is no such file` });
  return {
    columns: columnsOf(columns),
    files: files.map(({ split, path }) => ({ split, path })),
  };
}

/** What is given makes the kind of the data set; the columns that it needs have their usual names otherwise. A mix is the server's to refuse. */
function columnsOf({ text, textPair, label, target, prompt, completion }: ChosenColumns): DatasetColumnsInput {
  const given = { text, textPair, label, target, prompt, completion };
  if (prompt !== undefined || completion !== undefined) return { ...given, completion: completion ?? "completion" };
  if (target !== undefined) return { ...given, text: text ?? "text", target };
  return { ...given, text: text ?? "text", label: label ?? "label" };
}

type ChosenColumns = Record<"text" | "textPair" | "label" | "target" | "prompt" | "completion", string | undefined>;
