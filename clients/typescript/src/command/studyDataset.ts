import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { FieldViolation } from "@stepwire/proto";
import { quote, quotePath } from "../mapping/quote.js";
import { isPlainObject } from "../mapping/struct.js";
import type { DatasetInput } from "../resources/datasets.js";

const datasetFields = ["columns", "files"];
const columnNames = {
  text: "text",
  text_pair: "textPair",
  label: "label",
  target: "target",
  prompt: "prompt",
  completion: "completion",
} as const;

/**
 * What a study's file says under `dataset`. Files are relative to the declaration's folder.
 * @returns undefined when anything is wrong
 */
export function readStudyDataset(value: unknown, folder: string, violations: FieldViolation[]): DatasetInput | undefined {
  const before = violations.length;
  const refuse = (field: string, reason: string, description: string) =>
    void violations.push({ field: `dataset${field}`, reason, description });
  if (!isPlainObject(value)) {
    refuse("", "WRONG_TYPE", `${quote(value)} is not columns and files`);
    return undefined;
  }
  for (const key of Object.keys(value).filter((name) => !datasetFields.includes(name)))
    refuse(`.${key}`, "UNKNOWN_FIELD", `unknown field ${quote(key)}; allowed: ${datasetFields.join(", ")}`);
  const columns = readColumns(value["columns"], refuse);
  const files = readFiles(value["files"], folder, refuse);
  return violations.length > before ? undefined : { columns: columns as unknown as DatasetInput["columns"], files };
}

type Refuse = (field: string, reason: string, description: string) => void;

function readColumns(columns: unknown, refuse: Refuse): Record<string, string> {
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
  return given;
}

function readFiles(files: unknown, folder: string, refuse: Refuse): DatasetInput["files"] {
  if (!isPlainObject(files) || Object.keys(files).length === 0)
    refuse(".files", "REQUIRED", "is not set; name a file for each split, for example {train: train.csv, test: test.csv}");
  return Object.entries(isPlainObject(files) ? files : {}).flatMap(([split, file]) => {
    if (typeof file !== "string") {
      refuse(`.files.${split}`, "WRONG_TYPE", `${quote(file)} is not a path`);
      return [];
    }
    const path = resolve(folder, file);
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) refuse(`.files.${split}`, "NOT_FOUND", `${quotePath(file)} cannot be read: there is no such file`);
    else if (!found.isFile()) refuse(`.files.${split}`, "WRONG_TYPE", `${quotePath(file)} cannot be read: it is not a file`);
    return [{ split, path }];
  });
}
