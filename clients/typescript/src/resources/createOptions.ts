import { randomUUID } from "node:crypto";
import type { FieldViolation } from "@stepwire/proto";
import { quote } from "../mapping/quote.js";
import { isPlainObject } from "../mapping/struct.js";
import { callOptionNames, type CallOptions } from "../options.js";

/** Options of the calls that create something. */
export interface CreateOptions extends CallOptions {
  /** Lower-case letters, digits and hyphens, beginning with a letter; made by the server when left out. */
  id?: string | undefined;
  /** The same request id and body return the same resource. Made for each call when left out, so that its own retries are safe. */
  requestId?: string | undefined;
  /** Returns the resource as it would be, every default filled in; stores nothing. */
  validateOnly?: boolean | undefined;
}

export const createOptionNames = ["id", "requestId", "validateOnly", ...callOptionNames] as const;

/** What every request to create something has beside the resource; a request id of its own makes repeating it harmless. */
export function createRequest({ id, requestId, validateOnly }: CreateOptions): {
  id: string;
  request_id: string;
  validate_only: boolean;
} {
  return { id: id ?? "", request_id: requestId ?? randomUUID(), validate_only: validateOnly ?? false };
}

/** The fields of a resource that is to be created; its id belongs to the options, and standing in the resource it is a fault. */
export function withoutId(resource: unknown, name: string, violations: FieldViolation[]): Record<string, unknown> {
  if (!isPlainObject(resource)) return {};
  const { id, ...fields } = resource;
  if ("id" in resource)
    violations.push({
      field: "id",
      reason: "MISPLACED",
      description: `the id is not part of the ${name}: create(${name}, { id: ${quote(id)} })`,
    });
  return fields;
}
