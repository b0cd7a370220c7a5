import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { status } from "@grpc/grpc-js";
import type { Comparison } from "#core/comparisons/comparison.js";
import { orAborted } from "#platform/abort.js";
import { createSlots } from "#platform/slots.js";
import { invalidArgument, StatusError } from "#platform/statusError.js";
import type { ComparisonInput } from "./comparePredictions.js";
import type { CompareAnswer } from "./compareThread.js";

const program = fileURLToPath(import.meta.resolve("#evaluator/comparisons/compareThread.js"));

/** Of one comparison; outcomes lie outside the heap, and what they may take is limited by their number. */
const resourceLimits = { maxOldGenerationSizeMb: 512 };

const threads = createSlots({
  atOnce: 1,
  waiting: 64,
  full: () => new StatusError(status.RESOURCE_EXHAUSTED, "TOO_MANY_CALLS", "too many comparisons are waiting; try again later"),
});

/**
 * Compares stored predictions in a thread of its own, one comparison at a time: the event loop stays free.
 * @throws StatusError INVALID_ARGUMENT with everything that is wrong with the predictions; the signal's reason when it is aborted
 */
export async function compareInThread(input: ComparisonInput, signal: AbortSignal): Promise<Comparison> {
  return await threads.run(signal, async () => {
    const thread = new Worker(program, { workerData: input, resourceLimits });
    try {
      const [answer] = (await orAborted(once(thread, "message"), signal)) as [CompareAnswer];
      if ("faults" in answer) throw invalidArgument(answer.faults);
      return answer.comparison;
    } finally {
      await thread.terminate();
    }
  });
}
