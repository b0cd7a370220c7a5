import type { FieldViolation } from "@stepwire/proto";
import type { JsonObject, JsonValue } from "./clientTypes.js";
import { quote } from "./quote.js";

/** A google.protobuf.Value as proto-loader has it: the field that is set says the kind. */
export interface ValueMessage {
  nullValue?: "NULL_VALUE";
  numberValue?: number;
  stringValue?: string;
  boolValue?: boolean;
  structValue?: StructMessage | null;
  listValue?: { values?: ValueMessage[] } | null;
}

/** A google.protobuf.Struct as proto-loader has it. */
export interface StructMessage {
  fields?: Record<string, ValueMessage>;
}

/** The plain object of a Struct. */
export function readStruct(message: StructMessage): JsonObject {
  return Object.fromEntries(Object.entries(message.fields ?? {}).map(([name, value]) => [name, readValue(value)]));
}

/** The plain value of a Value. */
export function readValue(message: ValueMessage): JsonValue {
  if (message.numberValue !== undefined) return message.numberValue;
  if (message.stringValue !== undefined) return message.stringValue;
  if (message.boolValue !== undefined) return message.boolValue;
  if (message.structValue) return readStruct(message.structValue);
  if (message.listValue) return (message.listValue.values ?? []).map(readValue);
  return null;
}

/** Decoders refuse more than a hundred messages inside each other, and an object inside an object takes three. */
const mostLevels = 32;

/**
 * The Struct of a plain object; properties that are `undefined` are left out.
 * @param path of the object in the caller's words
 * @param violations takes what JSON cannot carry: NaN and infinities, bigints, functions, class instances, objects that contain themselves
 */
export function writeStruct(object: Readonly<Record<string, unknown>>, path: string, violations: FieldViolation[]): StructMessage {
  return writeObject(object, path, [], violations);
}

/** The Value of a plain value; see `writeStruct`. */
export function writeValue(value: unknown, path: string, violations: FieldViolation[]): ValueMessage {
  return writeNode(value, path, [], violations);
}

function writeObject(
  object: Readonly<Record<string, unknown>>,
  path: string,
  ancestors: readonly unknown[],
  violations: FieldViolation[],
): StructMessage {
  const fields = Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]): [string, ValueMessage] => [name, writeNode(value, `${path}.${name}`, [...ancestors, object], violations)]);
  return { fields: Object.fromEntries(fields) };
}

function writeNode(value: unknown, path: string, ancestors: readonly unknown[], violations: FieldViolation[]): ValueMessage {
  const refuse = (reason: string, description: string): ValueMessage => {
    violations.push({ field: path, reason, description });
    return {};
  };
  if (value === null) return { nullValue: "NULL_VALUE" };
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return Number.isFinite(value) ? { numberValue: value } : refuse("NOT_FINITE", `${value} is not finite`);
  if (typeof value === "bigint") return refuse("WRONG_TYPE", `${quote(value)} is a bigint; give a number`);
  if (ancestors.includes(value)) return refuse("WRONG_TYPE", "contains itself, so it has no end");
  if (ancestors.length > mostLevels) return refuse("WRONG_TYPE", `is nested more than ${mostLevels} levels deep`);
  if (Array.isArray(value)) {
    const items = value.map((item, index) => writeNode(item, `${path}[${index}]`, [...ancestors, value], violations));
    return { listValue: { values: items } };
  }
  if (isPlainObject(value)) return { structValue: writeObject(value, path, ancestors, violations) };
  return refuse("WRONG_TYPE", `${quote(value)} cannot be written as JSON`);
}

/** An object made by `{}` or `Object.create(null)`: no Date, no Map, no class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}
