import { StepwireError } from "../stepwireError.js";
import { createBackoff } from "./backoff.js";

/** A service may restart: how long it may be unreachable before a wait gives up. */
export const patienceMs = 60_000;

/**
 * Asks again and again until the answer is final.
 * @throws StepwireError of the last question when it cannot be repeated, or after a minute of failures
 */
export async function pollUntil<T>(ask: () => Promise<T>, isFinal: (answer: T) => boolean, signal?: AbortSignal): Promise<T> {
  const backoff = createBackoff(100, 2000);
  let lastAnswer = Date.now();
  for (;;) {
    try {
      const answer = await ask();
      if (isFinal(answer)) return answer;
      lastAnswer = Date.now();
    } catch (error) {
      const failure = StepwireError.from(error);
      if (!failure.retryable || Date.now() - lastAnswer > patienceMs) throw failure;
    }
    await backoff.wait(signal).catch((error: unknown) => {
      throw StepwireError.from(error);
    });
  }
}
