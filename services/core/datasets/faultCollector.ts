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
  /** Whether there were more than are kept. */
  isFull(): boolean;
  /** Says that the input was not read to its end, so that there may be more faults than were counted. */
  stop(): void;
  isStopped(): boolean;
  /** The first ones, followed by one that says how many more there are. */
  list(): Fault[];
}

/**
 * @param options.limit how many faults are kept
 * @param options.field of the fault that says how many more there are
 */
export function collectFaults({ limit = 100, field = "files" } = {}): FaultCollector {
  const kept: Fault[] = [];
  let count = 0;
  let stopped = false;
  return {
    add(field, reason, description) {
      count++;
      if (kept.length < limit) kept.push({ field, reason, description });
    },
    addAll(other) {
      count += other.count();
      stopped ||= other.isStopped();
      kept.push(...other.kept().slice(0, limit - kept.length));
    },
    count: () => count,
    kept: () => kept,
    isFull: () => count > kept.length,
    stop: () => void (stopped = true),
    isStopped: () => stopped,
    list: () => {
      if (count <= kept.length) return kept;
      const description = `… and ${stopped ? "at least " : ""}${count - kept.length} more`;
      return [...kept, { field, reason: "MORE_FAULTS", description }];
    },
  };
}
