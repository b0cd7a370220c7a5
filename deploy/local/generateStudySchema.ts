import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { protoFiles, protoRoot } from "@stepwire/proto";
import protobuf from "protobufjs";
import { comparisonMetrics } from "#core/comparisons/comparisonMetrics.js";
import { studyLimits } from "#core/studies/studyLimits.js";
import { repositoryRoot } from "./repositoryRoot.js";

// Writes docs/study.schema.json, the JSON Schema of the files that `stepwire study run` takes, from the contract. With --check it writes nothing
// and exits 1 when what is there differs.

type Schema = Record<string, unknown>;

const path = join(repositoryRoot, "docs/study.schema.json");
const root = new protobuf.Root();
root.resolvePath = (_origin, target) => (protobuf.common.get(target) ? target : `${protoRoot}${target}`);
root.loadSync(protoFiles, { keepCase: true, alternateCommentMode: true });
root.resolveAll();

/** What the server sets, by the message's name. */
const setByServer: Record<string, readonly string[]> = {
  Study: ["uid", "state", "create_time", "start_time", "end_time", "plan", "progress", "runs", "error", "attempt"],
  TrainingJob: ["id", "uid", "state", "create_time", "start_time", "end_time", "plan", "progress", "attempt", "error", "result"],
};
/** What every run of a study has of its own. */
const ownOfRuns = ["optimizer", "seed", "resume_from"];
const required: Record<string, readonly string[]> = {
  Study: ["job", "arms", "seeds", "margin"],
  StudyArm: ["name", "optimizer"],
  StudyClaim: ["arm", "value", "source"],
  StudyContrast: ["first", "second"],
};
const choices: Record<string, readonly string[]> = {
  "Study.purpose": ["comparison", "demonstration"],
  "Study.metric": comparisonMetrics,
  "Study.correction": ["holm", "benjamini-hochberg"],
  "StudyTuning.method": ["grid", "random"],
  "StudyTuning.metric": ["accuracy", "loss"],
  "SearchSpace.scale": ["log", "linear"],
};
/** What else the service asks of a field, or of a whole message. */
const id = { pattern: "^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$" };
const seed = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER };
const bounds: Record<string, Schema> = {
  Study: {
    if: { properties: { purpose: { const: "demonstration" } }, required: ["purpose"] },
    else: { properties: { seeds: { minItems: 2 } } },
  },
  "Study.title": { maxLength: studyLimits.titleCharacters },
  "Study.arms": { minItems: 2, maxItems: studyLimits.arms },
  "Study.seeds": { minItems: 1, maxItems: studyLimits.seeds, uniqueItems: true, items: { type: "integer", ...seed } },
  "Study.margin": { exclusiveMinimum: 0 },
  "Study.level": { exclusiveMinimum: 0.5, exclusiveMaximum: 1 },
  "Study.contrasts": { maxItems: studyLimits.contrasts },
  "Study.parallelism": { minimum: 1, maximum: studyLimits.parallelism },
  "Study.claims": { maxItems: studyLimits.claims },
  "StudyArm.name": id,
  "StudyArm.description": { maxLength: studyLimits.textCharacters },
  "StudyTuning.trials": { minimum: 1, maximum: studyLimits.trials },
  "StudyTuning.seeds": { maxItems: studyLimits.seeds, uniqueItems: true, items: { type: "integer", ...seed } },
  "StudyTuning.search_seed": seed,
  "StudyClaim.source": { minLength: 1, maxLength: studyLimits.textCharacters },
  SearchSpace: { oneOf: [{ required: ["values"] }, { required: ["min", "max"] }] },
  "SearchSpace.values": { minItems: 1, maxItems: studyLimits.trials, uniqueItems: true },
};
const definitions: Record<string, Schema> = {};

const study = messageSchema(root.lookupType("stepwire.v1.Study"));
const properties = study["properties"] as Record<string, Schema>;
const columns = Object.fromEntries(
  ["text", "text_pair", "label", "target", "prompt", "completion"].map((name) => [name, { type: "string" }]),
);
const schema: Schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "A study that Stepwire runs",
  ...study,
  properties: {
    ...properties,
    id: {
      type: "string",
      description: "Running a file again goes on with the study of this id; made from the declaration when left out.",
      ...id,
    },
    dataset: {
      description: "Files to import, relative to this one, in the place of job.dataset.id.",
      type: "object",
      required: ["columns", "files"],
      additionalProperties: false,
      properties: {
        columns: { type: "object", additionalProperties: false, properties: columns },
        files: { description: "A path for each split.", type: "object", minProperties: 1, additionalProperties: { type: "string" } },
      },
    },
  },
  $defs: definitions,
};
if (!process.argv.includes("--check")) writeFileSync(path, `${JSON.stringify(schema, undefined, 2)}\n`);
else if (JSON.stringify(JSON.parse(readFileSync(path, "utf8"))) !== JSON.stringify(schema)) {
  console.error("docs/study.schema.json differs from the contract. Run: npm run generate");
  process.exit(1);
}

function messageSchema(type: protobuf.Type): Schema {
  const left = [...(setByServer[type.name] ?? []), ...(type.name === "TrainingJob" ? ownOfRuns : [])];
  const fields = type.fieldsArray.filter(({ name }) => !left.includes(name));
  return {
    ...(type.comment && type.name !== "Study" && { description: sentence(type.comment) }),
    type: "object",
    additionalProperties: false,
    ...(required[type.name] && { required: required[type.name] }),
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(type, field)])),
    ...bounds[type.name],
  };
}

function fieldSchema(type: protobuf.Type, field: protobuf.Field): Schema {
  const allowed = choices[`${type.name}.${field.name}`];
  const own = allowed ? { type: "string", enum: allowed } : valueSchema(field);
  const shape = field.map ? { type: "object", additionalProperties: own } : field.repeated ? { type: "array", items: own } : own;
  return { ...(field.comment && { description: sentence(field.comment) }), ...shape, ...bounds[`${type.name}.${field.name}`] };
}

function valueSchema(field: protobuf.Field): Schema {
  const { resolvedType } = field;
  if (resolvedType instanceof protobuf.Enum) {
    const names = Object.keys(resolvedType.values);
    const prefix = (names[0] ?? "").replace(/UNSPECIFIED$/, "");
    return { type: "string", enum: names.slice(1).map((name) => name.slice(prefix.length)) };
  }
  if (resolvedType instanceof protobuf.Type) {
    if (resolvedType.fullName === ".google.protobuf.Struct") return { type: "object" };
    // Named once: elements of chains stand in several places.
    definitions[resolvedType.name] ??= {};
    if (Object.keys(definitions[resolvedType.name] ?? {}).length === 0) definitions[resolvedType.name] = messageSchema(resolvedType);
    return { $ref: `#/$defs/${resolvedType.name}` };
  }
  if (field.type === "bool") return { type: "boolean" };
  if (field.type === "string") return { type: "string" };
  return { type: field.type === "double" ? "number" : "integer" };
}

function sentence(comment: string): string {
  return comment.replace(/\s+/g, " ").trim();
}
