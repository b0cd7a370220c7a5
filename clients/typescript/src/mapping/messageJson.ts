import { StepwireError } from "../stepwireError.js";
import { quote } from "./quote.js";
import { isMessageType, messageFields, type FieldKind } from "./reflection.js";
import { isPlainObject } from "./struct.js";
import { wrongType } from "./writeMessage.js";

/**
 * How `messageJson` writes what JSON has no word for. `proto3`: exactly proto3 JSON with the .proto files' field names, as on NATS (enum
 * values with prefix, 64-bit integers as text). `plain`: enum values without prefix, 64-bit integers as numbers.
 */
export type JsonStyle = "proto3" | "plain";

/**
 * A message in the SDK's spelling as a JSON object in snake_case. Times are ISO 8601 text; NaN and infinities are the texts "NaN",
 * "Infinity" and "-Infinity".
 * @param typeName for example `stepwire.v1.MetricPoint`
 * @throws StepwireError INVALID_ARGUMENT when there is no such message type
 */
export function messageJson(typeName: string, message: object, style: JsonStyle): Record<string, unknown> {
  if (!isMessageType(typeName)) {
    const description = `${quote(typeName)} is not a message type of the contract; for example stepwire.v1.MetricPoint`;
    throw StepwireError.invalid([{ field: "typeName", reason: "UNKNOWN_VALUE", description }]);
  }
  const violations = isPlainObject(message) ? [] : [wrongType("message", message, "an object")];
  if (!["proto3", "plain"].includes(style)) violations.push(wrongType("style", style, '"proto3" or "plain"'));
  if (violations.length > 0) throw StepwireError.invalid(violations);
  return fieldsJson(typeName, message, style);
}

function fieldsJson(typeName: string, message: object, style: JsonStyle): Record<string, unknown> {
  const values = message as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const { wireName, name, shape, of } of messageFields(typeName).values()) {
    const value = values[name];
    if (value === undefined) continue;
    if (shape === "list") result[wireName] = (value as unknown[]).map((item) => fieldJson(of, item, style));
    else if (shape === "map")
      result[wireName] = Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, fieldJson(of, item, style)]));
    else result[wireName] = fieldJson(of, value, style);
  }
  return result;
}

function fieldJson(of: FieldKind, value: unknown, style: JsonStyle): unknown {
  if (of.kind === "message") return fieldsJson(of.type, value as object, style);
  if (of.kind === "enum") return style === "proto3" ? `${of.prefix}${String(value)}` : value;
  if (of.kind === "int64") return style === "proto3" ? String(value) : value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return nonFiniteAsText(value);
}

function nonFiniteAsText(value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return value.map(nonFiniteAsText);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, nonFiniteAsText(item)]));
  return value;
}
