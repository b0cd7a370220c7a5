import { parentPort, workerData } from "node:worker_threads";
import type { Comparison } from "#core/comparisons/comparison.js";
import { type Fault, FaultError } from "#core/fault.js";
import { type ComparisonInput, comparePredictions } from "./comparePredictions.js";

// Makes one comparison: the thread of `compareInThread`.

/** What it says. */
export type CompareAnswer = { comparison: Comparison } | { faults: readonly Fault[] };

const answer = await comparePredictions(workerData as ComparisonInput).then(
  (comparison): CompareAnswer => ({ comparison }),
  (error: unknown): CompareAnswer => {
    if (error instanceof FaultError) return { faults: error.faults };
    throw error;
  },
);
parentPort?.postMessage(answer, []);
