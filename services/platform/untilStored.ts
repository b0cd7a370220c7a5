import { pause } from "./abort.js";
import type { Logger } from "./logger.js";

/** How long NATS may be away before what a job has become is given up. */
export const storePatienceMs = 10 * 60_000;
const longestWaitMs = 5000;

/**
 * Repeats a request to NATS until it is answered: what a job has become must not be lost because the broker was away for a while.
 * A write that can never succeed (it is larger than the broker takes) is not repeated.
 * @param signal aborted when it need not be answered any more
 * @throws what the request throws, after ten minutes, when the signal is aborted or when repeating is pointless
 */
export async function untilStored<T>(request: () => Promise<T>, logger: Logger, signal?: AbortSignal): Promise<T> {
  const limit = Date.now() + storePatienceMs;
  for (let waitMs = 200; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
    try {
      return await request();
    } catch (error) {
      const pointless = error instanceof Error && /payload|closed|draining/i.test(`${error.name} ${error.message}`);
      if (pointless || signal?.aborted || Date.now() > limit) throw error;
      logger.warn({ err: error }, "NATS did not answer, trying again");
      await pause(waitMs, signal ?? new AbortController().signal);
    }
  }
}
