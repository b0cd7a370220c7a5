import { createBackoff } from "../calls/backoff.js";
import { patienceMs } from "../calls/pollUntil.js";
import { serverStream } from "../calls/serverStream.js";
import type { Connection } from "../connection.js";
import { readMessage } from "../mapping/readMessage.js";
import type { TrainingEvent, TrainingJobState } from "../messages.js";
import { StepwireError } from "../stepwireError.js";

/** Options of a watch. */
export interface WatchOptions {
  /** From an event's `resumeToken`: go on after that event. From the beginning when left out. */
  resumeToken?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** A job, or an evaluation, in one of these states changes no more. */
export function isEnded(state: TrainingJobState): boolean {
  return state === "SUCCEEDED" || state === "FAILED" || state === "CANCELLED";
}

/**
 * Everything that happens to a job, in order and without gaps, ending after the event that says how the job ended. A lost connection is made
 * again and the stream goes on after the last event; after a minute without a connection it gives up.
 * @throws StepwireError
 */
export async function* watchTrainingJob(
  connection: Connection,
  id: string,
  options: WatchOptions,
): AsyncGenerator<TrainingEvent, void, undefined> {
  const { signal } = options;
  const method = "TrainerService/WatchTrainingJob";
  const backoff = createBackoff(100, 5000);
  let token = options.resumeToken ?? "";
  let lastEvent = Date.now();
  for (;;) {
    let failure = new StepwireError("UNAVAILABLE", `The watch of training job "${id}" ended before the job did.`, {
      reason: "WATCH_ENDED_EARLY",
    });
    try {
      const request = { id, resume_token: token };
      for await (const message of serverStream(method, (metadata) => connection.trainer.WatchTrainingJob(request, metadata), signal)) {
        const event = readMessage("stepwire.v1.TrainingEvent", message);
        lastEvent = Date.now();
        backoff.reset();
        token = event.resumeToken || token;
        yield event;
        if (event.stateChange && isEnded(event.stateChange.state)) return;
      }
    } catch (error) {
      failure = StepwireError.from(error);
    }
    if (!failure.retryable || Date.now() - lastEvent > patienceMs) throw failure;
    await backoff.wait(signal).catch((error: unknown) => {
      throw StepwireError.from(error);
    });
  }
}
