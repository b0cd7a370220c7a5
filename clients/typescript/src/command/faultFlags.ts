import { basename } from "node:path";
import type { FieldViolation } from "@stepwire/proto";
import { shown } from "./printable.js";
import { splitElement, splitGroup } from "./readElement.js";
import { flagName, trainFlags } from "./trainFlags.js";

/** The flag or argument that a fault is about, or `undefined` when none is. */
export type FaultFlag = (fault: FieldViolation) => string | undefined;

/**
 * The SDK and the services name the fields of the API (`training_job.max_steps`, `files[0].rows[3].text`), a user of the command knows its
 * flags.
 * @param command for example `train`, or `study watch`
 * @param options what commander read
 */
export function faultFlags(command: string, options: Readonly<Record<string, unknown>>): FaultFlag {
  if (command === "train") return trainFault(options);
  const groupFlag = command === "compare" && texts(options["group"]).length > 0 ? { groups: "--group" } : {};
  const names = new Map(Object.entries({ ...flagsOf[command], ...groupFlag }));
  return ({ field }) => {
    const path = apiPath(field).replace(/^(?:evaluation|header)\./, "");
    return names.get(path) ?? names.get(path.replace(/[.[].*$/, ""));
  };
}

const flagsOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  watch: { id: "<job>" },
  cancel: { id: "<job>" },
  jobs: { id: "<job>", states: "--state", labels: "--job-label", page_size: "--limit" },
  predict: { training_job: "<job>", inputs: "[texts...]" },
  evaluate: {
    training_job: "<job>",
    split: "--split",
    level: "--level",
    interval: "--interval",
    "bootstrap.method": "--bootstrap",
    "bootstrap.resamples": "--resamples",
    "bootstrap.seed": "--seed",
    "source.model": "--model",
    "source.dataset": "--dataset",
    "source.task": "--task",
    "source.seed": "--training-seed",
    // As the SDK says it.
    model: "--model",
    dataset: "--dataset",
    task: "--task",
    seed: "--training-seed",
    classes: "--classes",
  },
  "evaluation list": { training_job: "--job", page_size: "--limit" },
  "evaluation show": { id: "<evaluation>" },
  "evaluation cancel": { id: "<evaluation>" },
  "evaluation delete": { id: "<evaluation>" },
  "study watch": { id: "<study>" },
  "study report": { id: "<study>", format: "--format" },
  "study cancel": { id: "<study>" },
  "study list": { page_size: "--limit" },
  optimizers: { name: "[name]" },
  compare: {
    groups: "<evaluation>",
    metric: "--metric",
    margin: "--margin",
    level: "--level",
    correction: "--correction",
    reference: "--reference",
    interval: "--interval",
    intended_differences: "--intended",
  },
};

/** The flags of a data set's columns. */
export const columnFlags: Readonly<Record<string, string>> = {
  text: "--text",
  text_pair: "--text-pair",
  label: "--label",
  target: "--target",
  prompt: "--prompt",
  completion: "--completion",
};
const otherTrainFlags: readonly (readonly [path: string, flag: string])[] = [
  ["optimizer.hyperparameters", "--hyperparameter"],
  ["optimizer.chain", "--element"],
  ["optimizer.wrappers", "--wrap"],
  ["optimizer.groups", "--group"],
  ["lora", "--lora-rank"],
  ["lora.targets", "--lora-target"],
  ["schedule", "--schedule"],
  ["schedule.options", "--schedule-option"],
  ["dataset", "--dataset"],
  ["dataset.id", "--dataset"],
  ["labels", "--job-label"],
  ["training_job_id", "--job-id"],
  ["options.id", "--job-id"],
  ["request_id", "--request-id"],
  ["options.request_id", "--request-id"],
];
const splitFlags = { train: "--train", eval: "--eval", test: "--test" } as const;

/** The files that `train` sends, in the order of `files[0]`, `files[1]`, ... */
export function trainFiles(options: Readonly<Record<string, unknown>>): { split: string; flag: string; path: string }[] {
  return Object.entries(splitFlags).flatMap(([name, flag]) => {
    const path = options[name];
    return typeof path === "string" ? [{ split: name === "eval" ? "validation" : name, flag, path }] : [];
  });
}

function trainFault(options: Readonly<Record<string, unknown>>): FaultFlag {
  const names = new Map([...trainFlags.map((flag) => [flag.path, flagName(flag)] as const), ...otherTrainFlags]);
  const files = trainFiles(options);
  return (fault) => {
    const path = apiPath(fault.field).replace(/^(training_job|header)\./, "");
    const known = names.get(path);
    if (known !== undefined) return known;
    const [, column = ""] = /^(?:files\[\d+\]\.)?columns\.(\w+)$/.exec(path) ?? [];
    if (column in columnFlags) return columnFlags[column];
    const [, hyperparameter] = /^optimizer\.hyperparameters\.([^.[]+)/.exec(path) ?? [];
    if (hyperparameter !== undefined)
      return names.get(`optimizer.hyperparameters.${hyperparameter}`) ?? `--hyperparameter ${hyperparameter}`;
    if (path === "optimizer") return wholeOptimizer(fault, options);
    const part = partOfOptimizer(path, options);
    if (part !== undefined) return part;
    const [, option] = /^schedule\.options\.([^.[]+)/.exec(path) ?? [];
    if (option !== undefined) return `--schedule-option ${option}`;
    if (path.startsWith("labels.")) return "--job-label";
    if (path.startsWith("lora.targets[")) return "--lora-target";
    // The only thing that `train` asks for by an id of its own is the data set.
    if (path === "id" && options["dataset"] !== undefined) return "--dataset";
    if (/^(files?|chunk)$/.test(path) && files.length > 0) return files.map(({ flag }) => flag).join(", ");
    const [, index] = /^files\[(\d+)\](?:\.|$)/.exec(path) ?? [];
    const file = files[Number(index)];
    if (!file) return undefined;
    const said = fault.description.includes(basename(file.path));
    return said ? file.flag : `${file.flag} ${shown(file.path)}`;
  };
}

/** What fits or does not fit together: a chain without a learning rate, or a wrapper with what it is around. */
function wholeOptimizer({ reason }: FieldViolation, options: Readonly<Record<string, unknown>>): string {
  if (texts(options["wrap"]).length > 0 && reason !== "MISSING_LEARNING_RATE") return "--wrap";
  return texts(options["element"]).length > 0 ? "--element" : "--optimizer";
}

const partFlags: Readonly<Record<string, { flag: string; option: string }>> = {
  chain: { flag: "--element", option: "element" },
  wrappers: { flag: "--wrap", option: "wrap" },
  groups: { flag: "--group", option: "group" },
};

/** For example `--wrap lookahead:lookahead_alpha` for `optimizer.wrappers[0].hyperparameters.lookahead_alpha`. */
function partOfOptimizer(path: string, options: Readonly<Record<string, unknown>>): string | undefined {
  const [, part = "", index = "", rest = ""] = /^optimizer\.(chain|wrappers|groups)\[(\d+)\](.*)$/s.exec(path) ?? [];
  const known = partFlags[part];
  if (!known) return undefined;
  const text = texts(options[known.option])[Number(index)];
  if (text === undefined) return known.flag;
  const name = shown(part === "groups" ? splitGroup(text).name : splitElement(text).name);
  const key = rest.replace(/^\.(hyperparameters\.)?/, "");
  return `${known.flag} ${name}${["", "name", "pattern", "hyperparameters"].includes(key) ? "" : `:${key}`}`;
}

function texts(option: unknown): readonly string[] {
  return Array.isArray(option) ? option.map(String) : [];
}

/** The path as the contract spells it; keys of hyperparameters, options and labels are data and stay as they are. */
function apiPath(field: string): string {
  const [, names = "", data = ""] = /^(.*?)((?:(?<=hyperparameters|labels|schedule\.options)\..*)?)$/s.exec(field) ?? [];
  return names.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) + data;
}
