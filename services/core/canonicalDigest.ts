import { createHash } from "node:crypto";

/** SHA-256 (hex) of a value's JSON with the keys of every object sorted: equal values have equal digests, however they were put together. */
export function canonicalDigest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value, sortKeys)).digest("hex");
}

function sortKeys(_key: string, value: unknown): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;
}
