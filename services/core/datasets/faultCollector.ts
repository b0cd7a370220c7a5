import type { Fault } from "../fault.js";

/** Faults of an input that may have millions: the first are kept, the rest are counted. */
export interface FaultCollector {
  add(field: string, reason: string, description: string): void;
  /** How many were added. */
  count(): number;
  /** The first ones, followed by one that says how many more there are. */
  list(): Fault[];
}

/** @param limit how many faults are kept */
export function collectFaults(limit = 100): FaultCollector {
  const kept: Fault[] = [];
  let count = 0;
  return {
    add(field, reason, description) {
      count++;
      if (kept.length < limit) kept.push({ field, reason, description });
    },
    count: () => count,
    list: () => (count <= limit ? kept : [...kept, { field: "files", reason: "MORE_FAULTS", description: `… and ${count - limit} more` }]),
  };
}

/** A value as a fault's description quotes it: as JSON writes it, cut to 60 characters. */
export function excerpt(value: unknown): string {
  const text =
    typeof value === "string" || (typeof value === "object" && value !== null) ? JSON.stringify(value, bigintAsText) : String(value);
  const characters = [...text.slice(0, 200)];
  return characters.length > 60 ? `${characters.slice(0, 60).join("")}…` : text;
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
