import { inspect } from "node:util";
import type { JsonObject, JsonValue } from "./clientTypes.js";

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

/** The Struct of a plain object; properties that are `undefined` are left out. */
export function writeStruct(object: Readonly<Record<string, unknown>>): StructMessage {
  const present = Object.entries(object).filter(([, value]) => value !== undefined);
  return { fields: Object.fromEntries(present.map(([name, value]) => [name, writeValue(value)])) };
}

/** The Value of a plain value. @throws TypeError for what JSON cannot carry. */
export function writeValue(value: unknown): ValueMessage {
  if (value === null) return { nullValue: "NULL_VALUE" };
  if (typeof value === "number") return { numberValue: value };
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(writeValue) } };
  if (isPlainObject(value)) return { structValue: writeStruct(value) };
  throw new TypeError(`${quote(value)} cannot be written as JSON`);
}

/** An object made by `{}` or `Object.create(null)`: no Date, no Map, no class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/** The value as an error message quotes it. */
export function quote(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : inspect(value, { depth: 1, breakLength: Infinity });
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
