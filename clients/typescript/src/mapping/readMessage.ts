import type { ReadMessages } from "../messages.js";
import { StepwireError } from "../stepwireError.js";
import { messageFields, type FieldKind } from "./reflection.js";
import { readStruct, readValue, type StructMessage, type ValueMessage } from "./struct.js";

/**
 * A message in the SDK's spelling (`ReadMessage` is its type): camelCase keys, enum values without prefix, Timestamp as Date, Struct as a
 * plain object, 64-bit integers as numbers; unset fields are left out, and so are proto-loader's virtual oneof fields.
 * @param typeName for example `stepwire.v1.TrainingJob`
 * @param message as proto-loader decodes it
 * @throws StepwireError OUT_OF_RANGE when a 64-bit integer is not exact as a number
 */
export function readMessage<Name extends keyof ReadMessages>(typeName: Name, message: object): ReadMessages[Name] {
  return readFields(typeName, message) as unknown as ReadMessages[Name];
}

function readFields(typeName: string, message: object): Record<string, unknown> {
  const values = message as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const { wireName, name, shape, of } of messageFields(typeName).values()) {
    const value = values[wireName];
    if (value === undefined || value === null) continue;
    if (shape === "list") result[name] = (value as unknown[]).map((item) => readField(of, item, wireName));
    else if (shape === "map")
      result[name] = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readField(of, item, wireName)]));
    else result[name] = readField(of, value, wireName);
  }
  return result;
}

function readField(of: FieldKind, value: unknown, wireName: string): unknown {
  switch (of.kind) {
    case "message":
      return readFields(of.type, value as object);
    case "enum": {
      // proto-loader gives a number for a value that this version does not know.
      const name = String(value).slice(of.prefix.length);
      return of.names.includes(name) ? name : "UNSPECIFIED";
    }
    case "int64":
      return readInteger(String(value), wireName);
    case "timestamp": {
      const { seconds, nanos } = value as { seconds: string; nanos: number };
      return new Date(Number(seconds) * 1000 + Math.floor(nanos / 1_000_000));
    }
    case "struct":
      return readStruct(value as StructMessage);
    case "value":
      return readValue(value as ValueMessage);
    default:
      return value;
  }
}

function readInteger(text: string, wireName: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new StepwireError("OUT_OF_RANGE", `The server sent ${wireName} = ${text}, which JavaScript's numbers cannot hold exactly.`, {
      reason: "UNSAFE_INTEGER",
    });
  return value;
}
