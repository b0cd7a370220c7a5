import { dirname } from "node:path";
import type { FieldViolation } from "@stepwire/proto";
import { nearest } from "../mapping/nearest.js";
import { quote } from "../mapping/quote.js";
import { type FieldKind, messageFields } from "../mapping/reflection.js";
import { isPlainObject } from "../mapping/struct.js";
import { writeMessage } from "../mapping/writeMessage.js";
import type { StudyInput } from "../messages.js";
import type { DatasetInput } from "../resources/datasets.js";
import { judgeable, originalPath, pathKeys } from "./judgeable.js";
import { readYaml } from "./readYaml.js";
import { readStudyDataset } from "./studyDataset.js";

/** A study as a file declares it. */
export interface StudyFile {
  /** Of the study; undefined: made from the declaration. */
  id: string | undefined;
  /** Without what is wrong, so that the services can judge the rest. */
  study: StudyInput;
  /** To import; undefined: the study names a data set that exists, or what the file says of one is wrong. */
  dataset: DatasetInput | undefined;
  /** What is wrong with the file by itself. Fields are places in it, as `file.yaml:12: arms[0].optimizer`. */
  violations: readonly FieldViolation[];
  /** Where a field of the API stands in the file. */
  place(field: string): string;
  /**
   * What the services found, at its place in the file. What only follows from something that is known to be wrong is left out.
   * @param unknown fields that stand in the file, and were not sent
   */
  placed(found: readonly FieldViolation[], unknown?: readonly string[]): FieldViolation[];
}

const jobType = "stepwire.v1.TrainingJob";
const studyType = "stepwire.v1.Study";
/** Fields of the messages that the server sets. */
const serverFields = ["uid", "state", "create_time", "start_time", "end_time", "plan", "progress", "runs", "error", "attempt", "result"];
/** Those of the file that are not in the message. */
const fileFields = ["id", "dataset"];
/** Fields of a job that are not the declaration's; all but the id are refused with why. */
const armFields = ["id", "optimizer", "seed", "resume_from"];

/**
 * Reads a study's declaration: YAML (of which JSON is a part) with the names of the .proto files.
 * @param argument what the command calls the file
 * @throws StepwireError INVALID_ARGUMENT when it cannot be read at all
 */
export function readStudyFile(path: string, argument = "<file>"): StudyFile {
  const { content, place: placeOf, violations: repetitions } = readYaml(path, argument);
  const renamed: Renamed = new Map();
  const place = (field: string): string => {
    const own = asWritten(field.replace(/^study\./, "").replace(/^(study_)?id$/, "id"), renamed);
    return `${placeOf(pathKeys(own))}: ${own}`;
  };

  const violations: FieldViolation[] = [];
  const { id: givenId, dataset, ...rest } = content;
  const camel = camelKeys(studyType, rest, { path: "", violations, renamed });
  // What the SDK would refuse is refused here, together with the rest, and with its line.
  const misfits: FieldViolation[] = [];
  writeMessage(studyType, camel, "", misfits);
  violations.push(...misfits.map((fault) => ({ ...fault, field: snakePath(fault.field) })));
  const id = givenId ?? undefined;
  if (id !== undefined && typeof id !== "string")
    violations.push({ field: "id", reason: "WRONG_TYPE", description: `${quote(id)} is not a string` });
  const files = dataset === undefined ? undefined : readStudyDataset(dataset, dirname(path), violations);
  const { value: study, leftOut } = judgeable(camel, misfits);
  const job = (isPlainObject(study["job"]) ? study["job"] : {}) as { dataset?: { id?: string } };
  if (dataset !== undefined && job.dataset?.id !== undefined)
    violations.push({
      field: "job.dataset.id",
      reason: "CONFLICT",
      description: "is set, and so are files under dataset; leave one of the two out",
    });

  const snakeLeftOut = new Map([...leftOut].map(([list, indices]) => [snakePath(list), indices]));
  const faulty = [...violations.map(({ field }) => field), ...(dataset !== undefined && !files ? ["job.dataset.id"] : [])];
  return {
    id: typeof id === "string" ? id : undefined,
    study,
    dataset: files,
    violations: [...repetitions, ...violations.map((fault) => ({ ...fault, field: place(fault.field) }))],
    place,
    placed: (found, unknown = []) =>
      found
        .map((fault) => ({ ...fault, field: originalPath(fault.field.replace(/^study\./, "").replace(/^study_id$/, "id"), snakeLeftOut) }))
        .filter((fault) => ![...faulty, ...unknown].some((known) => follows(fault, known)))
        .map((fault) => ({ ...fault, field: place(fault.field) })),
  };
}

/** Faults of a whole that a missing part makes. */
const ofWholes = ["REQUIRED", "TOO_FEW", "UNEQUAL_TRIALS", "CONFLICT", "DUPLICATE"];

/** Whether a fault may be there only because something else is wrong, or is about the same. */
function follows({ field, reason }: FieldViolation, known: string): boolean {
  const holds = (outer: string, inner: string) => inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
  if (holds(known, field)) return true;
  // A list is shorter by what was left out of it; what is twice in it is twice without that, too.
  const isItem = /^\[\d+\]$/.test(known.slice(field.length));
  if (holds(field, known) && ofWholes.includes(reason)) return reason === "TOO_FEW" ? isItem : reason !== "DUPLICATE" || !isItem;
  if (reason === "UNEQUAL_TRIALS") return known.startsWith("tuning");
  // An arm may be meant whose name is wrong.
  return (
    reason === "NOT_FOUND" &&
    /(^reference|\.ablation_of|^claims\[\d+\]\.arm|^contrasts\[\d+\]\.(first|second))$/.test(field) &&
    /^arms(\[\d+\](\.name)?)?$/.test(known)
  );
}

/** Fields by the path that they would have if they were spelt right. */
type Renamed = Map<string, string>;

function asWritten(path: string, renamed: Renamed): string {
  for (const [meant, written] of renamed)
    if (path === meant || path.startsWith(`${meant}.`) || path.startsWith(`${meant}[`)) return written + path.slice(meant.length);
  return path;
}

interface Walk {
  /** As it is meant. */
  path: string;
  violations: FieldViolation[];
  renamed: Renamed;
}

/** What is allowed, and what else is known and refused elsewhere. */
function keysOf(typeName: string, path: string): { allowed: string[]; known: string[] } {
  const names = [...messageFields(typeName).values()].map(({ wireName }) => wireName);
  if (path === "") {
    const own = names.filter((name) => !serverFields.includes(name) && !fileFields.includes(name));
    return { allowed: [...fileFields, ...own], known: own };
  }
  if (typeName.replace(/^\./, "") !== jobType) return { allowed: names, known: names };
  const own = names.filter((name) => !serverFields.includes(name) && name !== "id");
  return { allowed: own.filter((name) => !armFields.includes(name)), known: own };
}

/**
 * The same with the SDK's names; keys of maps and of hyperparameters are data and stay. Unknown keys are faults, and are read as what was probably
 * meant, so that the rest can be judged.
 */
function camelKeys(typeName: string, value: Record<string, unknown>, walk: Walk): Record<string, unknown> {
  const { path, violations, renamed } = walk;
  const { allowed, known } = keysOf(typeName, path);
  const fields = new Map([...messageFields(typeName).values()].map((field) => [field.wireName, field]));
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const within = (name: string) => (path === "" ? name : `${path}.${name}`);
    let name = key;
    if (!known.includes(key)) {
      const meant = nearest(key, allowed);
      const hint = meant === undefined ? `allowed: ${allowed.join(", ")}` : `did you mean "${meant}"?`;
      violations.push({ field: within(key), reason: "UNKNOWN_FIELD", description: `unknown field ${quote(key)}; ${hint}` });
      if (meant === undefined || !known.includes(meant) || meant in value || renamed.has(within(meant))) continue;
      renamed.set(within(meant), asWritten(within(key), renamed));
      name = meant;
    }
    const field = fields.get(name);
    // YAML's `key:` without a value says nothing.
    if (!field || item === null) continue;
    const at = within(name);
    const inner = (each: unknown, place: string) => fieldValue(field.of, each, { ...walk, path: place });
    if (field.shape === "list" && Array.isArray(item)) result[field.name] = item.map((each, index) => inner(each, `${at}[${index}]`));
    else if (field.shape === "map" && isPlainObject(item))
      result[field.name] = Object.fromEntries(Object.entries(item).map(([own, each]) => [own, inner(each, `${at}.${own}`)]));
    else result[field.name] = field.shape === "single" ? inner(item, at) : item;
  }
  return result;
}

function fieldValue(of: FieldKind, value: unknown, walk: Walk): unknown {
  if (of.kind === "message" && isPlainObject(value)) return camelKeys(of.type, value, walk);
  if (of.kind === "enum" && typeof value === "string") return value.toUpperCase();
  return value;
}

/** `arms[0].ablationOf` as the file spells it; keys of hyperparameters are data. */
function snakePath(field: string): string {
  const [, names = "", data = ""] = /^(.*?)((?:(?<=hyperparameters|labels|options|search)\..*)?)$/s.exec(field) ?? [];
  return names.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) + data;
}
