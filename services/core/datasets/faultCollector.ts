import type { Fault } from "../fault.js";

/** Faults of an input that may have millions: the first are kept, the rest are counted. */
export interface FaultCollector {
  add(field: string, reason: string, description: string): void;
  /** Adds what another collector holds. */
  addAll(other: FaultCollector): void;
  /** How many were added. */
  count(): number;
  /** The first ones. */
  kept(): readonly Fault[];
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
    addAll(other) {
      count += other.count();
      kept.push(...other.kept().slice(0, limit - kept.length));
    },
    count: () => count,
    kept: () => kept,
    list: () =>
      count <= kept.length ? kept : [...kept, { field: "files", reason: "MORE_FAULTS", description: `… and ${count - kept.length} more` }],
  };
}
