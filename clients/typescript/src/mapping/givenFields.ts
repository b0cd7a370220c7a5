import type { ReadMessages, WrittenMessages } from "../messages.js";
import { StepwireError } from "../stepwireError.js";
import { readMessage } from "./readMessage.js";
import { type FieldKind, messageFields } from "./reflection.js";
import { writeMessage } from "./writeMessage.js";

/**
 * What a caller gave to make a message, in the SDK's spelling: fields with the value that they have when nobody sets them are left out. For
 * services that take resources of Stepwire and pass them on.
 * @param typeName for example `stepwire.v1.Study`
 * @param message as proto-loader decodes it
 * @throws StepwireError OUT_OF_RANGE when a 64-bit integer is not exact as a number
 */
export function givenFields(typeName: keyof ReadMessages, message: object): Record<string, unknown> {
  return given(typeName, readMessage(typeName, message));
}

function given(typeName: string, message: object): Record<string, unknown> {
  const values = message as Record<string, unknown>;
  const result: Record<string, unknown> = {};
  for (const { name, shape, of, hasPresence } of messageFields(typeName).values()) {
    const value = values[name];
    if (value === undefined || (!hasPresence && isUnset(value, shape, of))) continue;
    if (shape === "list") result[name] = (value as unknown[]).map((item) => within(of, item));
    else if (shape === "map")
      result[name] = Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, within(of, item)]));
    else result[name] = within(of, value);
  }
  return result;
}

/** A struct is data: what it holds was given. */
function within(of: FieldKind, value: unknown): unknown {
  return of.kind === "message" ? given(of.type, value as object) : value;
}

function isUnset(value: unknown, shape: "single" | "list" | "map", of: FieldKind): boolean {
  if (shape !== "single") return Object.keys(value as object).length === 0;
  return of.kind === "enum" ? value === "UNSPECIFIED" : value === "" || value === 0 || value === false;
}

/**
 * The message that proto-loader encodes, from the SDK's spelling.
 * @throws StepwireError INVALID_ARGUMENT with everything that the message does not have or cannot hold
 */
export function wireMessage<Name extends keyof WrittenMessages>(typeName: Name, value: object): WrittenMessages[Name] {
  const violations: Parameters<typeof writeMessage>[3] = [];
  const message = writeMessage(typeName, value, "", violations);
  if (violations.length > 0) throw StepwireError.invalid(violations);
  return message;
}
