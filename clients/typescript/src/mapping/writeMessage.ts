import type { FieldViolation } from "@stepwire/proto";
import type { WrittenMessages } from "../messages.js";
import { nearest } from "./nearest.js";
import { messageFields, type FieldKind } from "./reflection.js";
import { quote } from "./quote.js";
import { isPlainObject, writeStruct, writeValue } from "./struct.js";

/**
 * The message that proto-loader encodes, from the SDK's spelling. Encoders drop what they do not know without a word, so everything is
 * checked here: unknown keys, wrong types, unknown enum values. `undefined` counts as left out.
 * @param typeName for example `stepwire.v1.TrainingJob`
 * @param path of `value` in the caller's words; empty at the top
 * @param violations takes everything that is wrong; when it stays empty the returned message can be sent
 */
export function writeMessage<Name extends keyof WrittenMessages>(
  typeName: Name,
  value: unknown,
  path: string,
  violations: FieldViolation[],
): WrittenMessages[Name] {
  return writeFields(typeName, value, path, violations);
}

function writeFields(typeName: string, value: unknown, path: string, violations: FieldViolation[]): object {
  const result: Record<string, unknown> = {};
  if (!isPlainObject(value)) {
    violations.push(wrongType(path, value, "an object"));
    return result;
  }
  const fields = messageFields(typeName);
  violations.push(...unknownKeys(value, [...fields.keys()], path));
  for (const { wireName, name, shape, of } of fields.values()) {
    const item = value[name];
    if (item === undefined) continue;
    result[wireName] = writeShape(shape, of, item, join(path, name), violations);
  }
  return result;
}

/** One violation for each key that is not allowed. */
export function unknownKeys(value: object, allowed: readonly string[], path: string): FieldViolation[] {
  return Object.keys(value)
    .filter((key) => !allowed.includes(key))
    .map((key) => {
      const meant = nearest(key, allowed);
      const hint = meant === undefined ? `allowed: ${allowed.join(", ")}` : `did you mean "${meant}"?`;
      return { field: join(path, key), reason: "UNKNOWN_FIELD", description: `unknown field ${quote(key)}; ${hint}` };
    });
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** A value of another kind than is wanted. */
export function wrongType(field: string, value: unknown, wanted: string): FieldViolation {
  return { field, reason: "WRONG_TYPE", description: `${quote(value)} is not ${wanted}` };
}

function writeShape(shape: "single" | "list" | "map", of: FieldKind, value: unknown, path: string, violations: FieldViolation[]): unknown {
  if (shape === "list") {
    // Holes are items too: `map` would leave them out.
    if (Array.isArray(value)) return Array.from(value, (item: unknown, index) => writeField(of, item, `${path}[${index}]`, violations));
    violations.push(wrongType(path, value, "a list"));
    return undefined;
  }
  if (shape === "map") {
    if (isPlainObject(value))
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, writeField(of, item, join(path, key), violations)]));
    violations.push(wrongType(path, value, "an object"));
    return undefined;
  }
  return writeField(of, value, path, violations);
}

const ranges = {
  int32: { least: -(2 ** 31), most: 2 ** 31 - 1 },
  uint32: { least: 0, most: 2 ** 32 - 1 },
  int64: { least: Number.MIN_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER },
};

function writeField(of: FieldKind, value: unknown, path: string, violations: FieldViolation[]): unknown {
  const refuse = (wanted: string): undefined => {
    violations.push(wrongType(path, value, wanted));
    return undefined;
  };
  switch (of.kind) {
    case "message":
      return writeFields(of.type, value, path, violations);
    case "number":
      return typeof value === "number" ? value : refuse("a number");
    case "int32":
    case "uint32":
    case "int64": {
      const { least, most } = ranges[of.kind];
      if (!Number.isInteger(value)) return refuse("a whole number");
      if (Number(value) < least || Number(value) > most)
        violations.push({
          field: path,
          reason: "OUT_OF_RANGE",
          description: `${quote(value)} is out of range; allowed: ${least} to ${most}`,
        });
      return of.kind === "int64" ? String(value) : value;
    }
    case "string":
      return typeof value === "string" ? value : refuse("a string");
    case "boolean":
      return typeof value === "boolean" ? value : refuse("true or false");
    case "bytes":
      return value instanceof Uint8Array ? value : refuse("a Uint8Array");
    case "enum":
      return writeEnum(of, value, path, violations);
    case "timestamp":
      return value instanceof Date && !Number.isNaN(value.getTime()) ? writeTimestamp(value) : refuse("a valid Date");
    case "struct":
      return isPlainObject(value) ? writeStruct(value, path, violations) : refuse("an object");
    default:
      return writeValue(value, path, violations);
  }
}

function writeEnum(
  of: Extract<FieldKind, { kind: "enum" }>,
  value: unknown,
  path: string,
  violations: FieldViolation[],
): string | undefined {
  const allowed = of.names.filter((name) => name !== "UNSPECIFIED");
  if (typeof value === "string" && allowed.includes(value)) return of.prefix + value;
  const meant = typeof value === "string" ? nearest(value, allowed) : undefined;
  const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
  violations.push({ field: path, reason: "UNKNOWN_VALUE", description: `${quote(value)} is not one of ${allowed.join(", ")}${hint}` });
  return undefined;
}

function writeTimestamp(date: Date): { seconds: string; nanos: number } {
  const seconds = Math.floor(date.getTime() / 1000);
  return { seconds: String(seconds), nanos: (date.getTime() - seconds * 1000) * 1_000_000 };
}
