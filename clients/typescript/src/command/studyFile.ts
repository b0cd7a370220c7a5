import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { FieldViolation } from "@stepwire/proto";
import { LineCounter, parseDocument } from "yaml";
import { nearest } from "../mapping/nearest.js";
import { quote } from "../mapping/quote.js";
import { type FieldKind, messageFields } from "../mapping/reflection.js";
import { isPlainObject } from "../mapping/struct.js";
import { writeMessage } from "../mapping/writeMessage.js";
import type { StudyInput } from "../messages.js";
import type { DatasetInput } from "../resources/datasets.js";
import { StepwireError } from "../stepwireError.js";

/** A study as a file declares it. */
export interface StudyFile {
  /** Of the study; undefined: made from the declaration. */
  id: string | undefined;
  study: StudyInput;
  /** To import; undefined: the study names a data set that exists. */
  dataset: DatasetInput | undefined;
  /** Where a field of the API stands in the file, as `file.yaml:12: arms[0].optimizer`, for the faults that the server finds. */
  place(field: string): string;
}

/** Fields of the message that are the server's, and those of the file that are not in the message. */
const serverFields = ["uid", "state", "create_time", "start_time", "end_time", "plan", "progress", "runs", "error", "attempt"];
const fileFields = ["id", "dataset"];

/**
 * Reads a study's declaration: YAML (of which JSON is a part) with the names of the .proto files.
 * @throws StepwireError INVALID_ARGUMENT with everything that is wrong; fields begin with the file's name and line
 */
export function readStudyFile(path: string): StudyFile {
  if (!existsSync(path))
    throw StepwireError.invalid([{ field: "<file>", reason: "NOT_FOUND", description: `"${path}" cannot be read: there is no such file` }]);
  const lines = new LineCounter();
  const document = parseDocument(readText(path), { lineCounter: lines, prettyErrors: false, maxAliasCount: 100 } as Parameters<
    typeof parseDocument
  >[1]);
  const line = (offset: number | undefined) => (offset === undefined ? path : `${path}:${lines.linePos(offset).line}`);
  if (document.errors.length > 0)
    throw StepwireError.invalid(
      document.errors.map(({ message, pos }) => ({
        field: line(pos[0]),
        reason: "INVALID_YAML",
        description: message.replace(/\.?\n.*/s, ""),
      })),
    );
  const place = (field: string): string => {
    const own = field.replace(/^study\./, "");
    const keys = [...own.matchAll(/[^.[\]]+/g)].map(([key]) => (/^\d+$/.test(key) ? Number(key) : key));
    // What is missing stands where its parent does.
    for (let length = keys.length; length > 0; length--) {
      const node = document.getIn(keys.slice(0, length), true) as { range?: [number, number, number] } | undefined;
      if (node?.range) return `${line(node.range[0])}: ${own}`;
    }
    return `${path}: ${own}`;
  };

  const violations: FieldViolation[] = [];
  const content: unknown = document.toJS();
  if (!isPlainObject(content))
    throw StepwireError.invalid([
      { field: path, reason: "WRONG_TYPE", description: "is not a study: its top level has to be keys and values" },
    ]);
  const { id, dataset, ...rest } = content;
  const study = camelKeys(
    "stepwire.v1.Study",
    rest,
    "",
    violations,
    [...messageFields("stepwire.v1.Study").values()]
      .map(({ wireName }) => wireName)
      .filter((name) => !serverFields.includes(name))
      .concat(fileFields),
  );
  // What the SDK would refuse is refused here, together with the rest, and with its line.
  const misfits: FieldViolation[] = [];
  writeMessage("stepwire.v1.Study", study, "", misfits);
  violations.push(
    ...misfits.filter(({ reason }) => reason !== "UNKNOWN_FIELD").map((fault) => ({ ...fault, field: snakePath(fault.field) })),
  );
  if (id !== undefined && typeof id !== "string")
    violations.push({ field: "id", reason: "WRONG_TYPE", description: `${quote(id)} is not a string` });
  const files = dataset === undefined ? undefined : readDataset(dataset, dirname(path), violations);
  const job = (isPlainObject(study["job"]) ? study["job"] : {}) as { dataset?: { id?: string } };
  if (files && job.dataset?.id !== undefined)
    violations.push({
      field: "job.dataset.id",
      reason: "CONFLICT",
      description: "is set, and so are files under dataset; leave one of the two out",
    });
  if (violations.length > 0) throw StepwireError.invalid(violations.map((fault) => ({ ...fault, field: place(fault.field) })));
  return { id: id as string | undefined, study, dataset: files, place };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw StepwireError.invalid([{ field: "<file>", reason: "UNREADABLE", description: `"${path}" cannot be read: ${why}` }]);
  }
}

/** The same with the SDK's names; keys of maps and of hyperparameters are data and stay. Unknown keys are faults. */
function camelKeys(
  typeName: string,
  value: Record<string, unknown>,
  path: string,
  violations: FieldViolation[],
  allowed: readonly string[] = [...messageFields(typeName).values()].map(({ wireName }) => wireName),
): Record<string, unknown> {
  const fields = new Map([...messageFields(typeName).values()].map((field) => [field.wireName, field]));
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const at = path === "" ? key : `${path}.${key}`;
    const field = allowed.includes(key) ? fields.get(key) : undefined;
    if (!field) {
      const meant = nearest(key, allowed);
      const hint = meant === undefined ? `allowed: ${allowed.join(", ")}` : `did you mean "${meant}"?`;
      violations.push({ field: at, reason: "UNKNOWN_FIELD", description: `unknown field ${quote(key)}; ${hint}` });
      continue;
    }
    // YAML's `key:` without a value says nothing.
    if (item === null) continue;
    const within = (inner: unknown, place: string) => fieldValue(field.of, inner, place, violations);
    if (field.shape === "list" && Array.isArray(item)) result[field.name] = item.map((each, index) => within(each, `${at}[${index}]`));
    else if (field.shape === "map" && isPlainObject(item))
      result[field.name] = Object.fromEntries(Object.entries(item).map(([name, each]) => [name, within(each, `${at}.${name}`)]));
    else result[field.name] = field.shape === "single" ? within(item, at) : item;
  }
  return result;
}

function fieldValue(of: FieldKind, value: unknown, path: string, violations: FieldViolation[]): unknown {
  if (of.kind === "message" && isPlainObject(value)) return camelKeys(of.type, value, path, violations);
  if (of.kind === "enum" && typeof value === "string") return value.toUpperCase();
  return value;
}

/** `arms[0].ablationOf` as the file spells it; keys of hyperparameters are data. */
function snakePath(field: string): string {
  const [, names = "", data = ""] = /^(.*?)((?:(?<=hyperparameters|labels|options|search)\..*)?)$/s.exec(field) ?? [];
  return names.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) + data;
}

const datasetFields = ["columns", "files"];
const columnNames = {
  text: "text",
  text_pair: "textPair",
  label: "label",
  target: "target",
  prompt: "prompt",
  completion: "completion",
} as const;

/** Files are relative to the declaration's folder. */
function readDataset(value: unknown, folder: string, violations: FieldViolation[]): DatasetInput | undefined {
  const refuse = (field: string, reason: string, description: string) =>
    void violations.push({ field: `dataset${field}`, reason, description });
  if (!isPlainObject(value)) {
    refuse("", "WRONG_TYPE", `${quote(value)} is not columns and files`);
    return undefined;
  }
  for (const key of Object.keys(value).filter((name) => !datasetFields.includes(name)))
    refuse(`.${key}`, "UNKNOWN_FIELD", `unknown field ${quote(key)}; allowed: ${datasetFields.join(", ")}`);
  const { columns, files } = value;
  const given: Record<string, string> = {};
  if (!isPlainObject(columns)) refuse(".columns", "REQUIRED", "is not set; name the columns, for example {text: text, label: label}");
  else
    for (const [name, column] of Object.entries(columns)) {
      const known = columnNames[name as keyof typeof columnNames];
      if (!Object.hasOwn(columnNames, name))
        refuse(`.columns.${name}`, "UNKNOWN_FIELD", `unknown field ${quote(name)}; allowed: ${Object.keys(columnNames).join(", ")}`);
      else if (typeof column !== "string") refuse(`.columns.${name}`, "WRONG_TYPE", `${quote(column)} is not a string`);
      else given[known] = column;
    }
  if (!isPlainObject(files) || Object.keys(files).length === 0)
    refuse(".files", "REQUIRED", "is not set; name a file for each split, for example {train: train.csv, test: test.csv}");
  const paths = Object.entries(isPlainObject(files) ? files : {}).flatMap(([split, file]) => {
    if (typeof file !== "string") {
      refuse(`.files.${split}`, "WRONG_TYPE", `${quote(file)} is not a path`);
      return [];
    }
    const path = resolve(folder, file);
    if (!existsSync(path)) refuse(`.files.${split}`, "NOT_FOUND", `${quote(file)} cannot be read: there is no such file`);
    return [{ split, path }];
  });
  return { columns: given as unknown as DatasetInput["columns"], files: paths };
}
