import { StepwireError } from "@stepwire/client";
import { pause } from "#platform/abort.js";
import type { StudyWorkerParts } from "./studyWorkerParts.js";

const longestWaitMs = 30_000;

/**
 * Asks again while a service is away, for as long as it takes: a study of a night outlives a restart.
 * @throws StepwireError when asking again does not help; the signal's reason once `stop` is aborted
 */
export async function patiently<T>(parts: Pick<StudyWorkerParts, "logger">, stop: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (let waitMs = 500; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
    stop.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      const failure = StepwireError.from(error);
      // The deadline is this worker's own: whoever stands still may answer later.
      if (stop.aborted || !(failure.retryable || failure.code === "DEADLINE_EXCEEDED")) throw failure;
      parts.logger.warn({ err: failure }, "a service is away, trying again");
      await pause(waitMs, stop);
    }
  }
}
