import type { Fault } from "../fault.js";
import { quote } from "../quote.js";

/**
 * Whether a text is a resource id: safe as a NATS subject token, a KV key and a folder name.
 */
export function isResourceId(id: string): boolean {
  return pattern.test(id);
}

/**
 * @param field path of the id in the words of the API
 * @returns what is wrong with the id, or undefined
 */
export function resourceIdFault(id: string, field: string): Fault | undefined {
  if (isResourceId(id)) return undefined;
  return {
    field,
    reason: "INVALID_ID",
    description: `${quote(id)} is not an id; allowed: 1 to 63 of a-z, 0-9 and "-", beginning with a letter and not ending with "-"`,
  };
}

/** What is wrong with a request id, which makes repeated calls one, or undefined. */
export function requestIdFault(requestId: string): Fault | undefined {
  return requestId.length > 128
    ? { field: "request_id", reason: "TOO_LONG", description: `has ${requestId.length} characters; at most 128 are allowed` }
    : undefined;
}

const pattern = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
