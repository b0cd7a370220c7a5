import { setTimeout as sleep } from "node:timers/promises";
import { StepwireError } from "../stepwireError.js";

/** A service may restart: how long it may be unreachable before a wait gives up. */
export const patienceMs = 60_000;

const [shortestPauseMs, longestPauseMs] = [50, 2000];

/**
 * Between two questions: an eighth of what was waited so far, so that the end of short work is seen soon and long work is not asked about
 * often; shortened by up to a fifth, at random, so that callers who wait for the same thing spread out.
 */
function pauseAfter(waitedMs: number): number {
  return Math.min(longestPauseMs, Math.max(shortestPauseMs, waitedMs / 8)) * (0.8 + 0.2 * Math.random());
}

/**
 * Asks again and again until the answer is final.
 * @throws StepwireError of the last question when it cannot be repeated, or after a minute of failures
 */
export async function pollUntil<T>(ask: () => Promise<T>, isFinal: (answer: T) => boolean, signal?: AbortSignal): Promise<T> {
  const started = Date.now();
  let lastAnswer = started;
  for (;;) {
    try {
      const answer = await ask();
      if (isFinal(answer)) return answer;
      lastAnswer = Date.now();
    } catch (error) {
      const failure = StepwireError.from(error);
      if (!failure.retryable || Date.now() - lastAnswer > patienceMs) throw failure;
    }
    await sleep(pauseAfter(Date.now() - started), undefined, signal ? { signal } : {}).catch((error: unknown) => {
      throw StepwireError.from(error);
    });
  }
}
