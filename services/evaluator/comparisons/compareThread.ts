import { availableParallelism } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import type { Comparison } from "#core/comparisons/comparison.js";
import { type Fault, FaultError } from "#core/fault.js";
import { type ComparisonInput, comparePredictions } from "./comparePredictions.js";
import { createResampler } from "./resampler.js";

// Makes one comparison: the thread of `compareInThread`.

/** What it says. */
export type CompareAnswer = { comparison: Comparison } | { faults: readonly Fault[] };

const resampler = createResampler(Math.min(4, availableParallelism()));
const answer = await comparePredictions(workerData as ComparisonInput, resampler.drawMeans).then(
  (comparison): CompareAnswer => ({ comparison }),
  (error: unknown): CompareAnswer => {
    if (error instanceof FaultError) return { faults: error.faults };
    throw error;
  },
);
await resampler.close();
parentPort?.postMessage(answer, []);
