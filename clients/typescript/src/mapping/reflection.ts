import { loadContract } from "@stepwire/proto";
import { camelCase } from "./camelCase.js";

type MessageType = ReturnType<ReturnType<typeof loadContract>["root"]["lookupType"]>;
type FieldDescriptor = MessageType["fields"][string];

/** What a field holds. */
export type FieldKind =
  | { kind: "number" | "int32" | "uint32" | "int64" | "string" | "boolean" | "bytes" | "timestamp" | "struct" | "value" }
  | { kind: "enum"; prefix: string; names: readonly string[] }
  | { kind: "message"; type: string };

/** One field of a message, in both spellings. */
export interface FieldShape {
  /** As in the .proto file, for example `max_steps`. */
  wireName: string;
  /** As in the SDK, for example `maxSteps`. */
  name: string;
  shape: "single" | "list" | "map";
  of: FieldKind;
  /** Whether the message tells the field's zero value from its absence. */
  hasPresence: boolean;
}

const scalars: Record<string, FieldKind["kind"]> = {
  double: "number",
  int32: "int32",
  uint32: "uint32",
  int64: "int64",
  string: "string",
  bool: "boolean",
  bytes: "bytes",
};
const wellKnown: Record<string, FieldKind["kind"]> = {
  ".google.protobuf.Timestamp": "timestamp",
  ".google.protobuf.Struct": "struct",
  ".google.protobuf.Value": "value",
};
const shapes = new Map<string, ReadonlyMap<string, FieldShape>>();

/**
 * The fields of a message by their name in the SDK.
 * @param typeName for example `stepwire.v1.TrainingJob`, also with a leading dot
 */
export function messageFields(typeName: string): ReadonlyMap<string, FieldShape> {
  let fields = shapes.get(typeName);
  if (!fields) {
    const type = loadContract().root.lookupType(typeName);
    fields = new Map(type.fieldsArray.map((field) => [camelCase(field.name), fieldShape(field)]));
    shapes.set(typeName, fields);
  }
  return fields;
}

/** Whether the contract has a message of this name. */
export function isMessageType(typeName: unknown): boolean {
  const found = typeof typeName === "string" ? loadContract().root.lookup(typeName) : null;
  return found !== null && "fieldsArray" in found;
}

function fieldShape(field: FieldDescriptor): FieldShape {
  return {
    wireName: field.name,
    name: camelCase(field.name),
    shape: field.map ? "map" : field.repeated ? "list" : "single",
    of: fieldKind(field),
    hasPresence: field.partOf !== null,
  };
}

function fieldKind(field: FieldDescriptor): FieldKind {
  const type = field.resolvedType;
  if (type && "values" in type) {
    const names = Object.keys(type.values);
    const prefix = (names[0] ?? "").replace(/UNSPECIFIED$/, "");
    return { kind: "enum", prefix, names: names.map((name) => name.slice(prefix.length)) };
  }
  const known = type ? wellKnown[type.fullName] : scalars[field.type];
  if (known) return { kind: known } as FieldKind;
  if (!type) throw new TypeError(`The SDK cannot map the type ${field.type} of ${field.fullName}.`);
  return { kind: "message", type: type.fullName };
}
