import type { Logger } from "./logger.js";

const patienceMs = 10 * 60_000;
const longestWaitMs = 5000;

/**
 * Repeats a write to NATS until it is stored: what a job has become must not be lost because the broker was away for a while.
 * A write that can never succeed (it is larger than the broker takes) is not repeated.
 * @throws what the write throws, after ten minutes or when repeating is pointless
 */
export async function untilStored<T>(write: () => Promise<T>, logger: Logger): Promise<T> {
  const limit = Date.now() + patienceMs;
  for (let waitMs = 200; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
    try {
      return await write();
    } catch (error) {
      const pointless = error instanceof Error && /payload|closed|draining/i.test(`${error.name} ${error.message}`);
      if (pointless || Date.now() > limit) throw error;
      logger.warn({ err: error }, "not stored yet, trying again");
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}
