import { setTimeout as sleep } from "node:timers/promises";

/** Waits longer each time: `firstMs`, then half as much again, up to `mostMs`; each wait shortened by up to a fifth, at random. */
export interface Backoff {
  /** @throws AbortError when the signal is aborted */
  wait(signal?: AbortSignal): Promise<void>;
  reset(): void;
}

/** Callers that wait for the same thing spread out because of the random part. */
export function createBackoff(firstMs: number, mostMs: number): Backoff {
  let next = firstMs;
  return {
    wait: async (signal) => {
      const delay = next * (0.8 + 0.2 * Math.random());
      next = Math.min(mostMs, next * 1.5);
      await sleep(delay, undefined, signal ? { signal } : {});
    },
    reset: () => {
      next = firstMs;
    },
  };
}
