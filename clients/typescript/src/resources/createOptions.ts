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
