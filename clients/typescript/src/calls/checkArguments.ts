import { ChannelCredentials } from "@grpc/grpc-js";
import type { FieldViolation } from "@stepwire/proto";
import { quote } from "../mapping/quote.js";
import { unknownKeys, wrongType } from "../mapping/writeMessage.js";
import { StepwireError } from "../stepwireError.js";

// What a caller without types may get wrong: every argument of the SDK is checked before anything is sent.

/** What an option must be, in words, and how to tell; options that are part of a message are checked as its fields. */
const optionKinds: Readonly<Record<string, { wanted: string; fits: (value: unknown) => boolean }>> = {
  deadlineMs: { wanted: "a number of milliseconds above 0", fits: (value) => typeof value === "number" && value > 0 },
  signal: { wanted: "an AbortSignal", fits: (value) => value instanceof AbortSignal },
  id: { wanted: "a string", fits: isString },
  requestId: { wanted: "a string", fits: isString },
  resumeToken: { wanted: "a string", fits: isString },
  validateOnly: { wanted: "true or false", fits: (value) => typeof value === "boolean" },
  onProgress: { wanted: "a function", fits: (value) => typeof value === "function" },
  tls: { wanted: "true, false or an object", fits: (value) => typeof value === "boolean" || isObject(value) },
  credentials: { wanted: "ChannelCredentials of @grpc/grpc-js", fits: (value) => value instanceof ChannelCredentials },
};

/** @throws StepwireError INVALID_ARGUMENT with all of the violations when there is one */
export function requireValid(...violations: readonly (readonly FieldViolation[])[]): void {
  const all = violations.flat();
  if (all.length > 0) throw StepwireError.invalid(all);
}

/** What is wrong with the id of a resource. */
export function idViolations(id: unknown, field = "id"): FieldViolation[] {
  if (typeof id !== "string") return [wrongType(field, id, "a string")];
  return id === "" ? [{ field, reason: "REQUIRED", description: "is empty; give an id" }] : [];
}

/** What is wrong with an argument that must be an object; `name` is what the documentation calls it. */
export function objectViolations(value: unknown, name: string): FieldViolation[] {
  return isObject(value) ? [] : [wrongType(name, value, "an object")];
}

/**
 * What is wrong with the options of a call: no object, unknown names (the nearest is suggested), values of a wrong kind.
 * @param path `options` when they come after another argument, empty when they are the only one
 */
export function optionViolations(options: unknown, allowed: readonly string[], path: "" | "options"): FieldViolation[] {
  const misfit = objectViolations(options, "options");
  if (misfit.length > 0) return misfit;
  const values = options as Readonly<Record<string, unknown>>;
  const wrong = allowed.flatMap((name) => {
    const kind = optionKinds[name];
    const value = values[name];
    if (!kind || value === undefined || kind.fits(value)) return [];
    return [
      {
        field: path === "" ? name : `${path}.${name}`,
        reason: typeof value === "number" ? "OUT_OF_RANGE" : "WRONG_TYPE",
        description: `${quote(value)} is not ${kind.wanted}`,
      },
    ];
  });
  return [...unknownKeys(values, allowed, path), ...wrong];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isString(value: unknown): boolean {
  return typeof value === "string";
}
