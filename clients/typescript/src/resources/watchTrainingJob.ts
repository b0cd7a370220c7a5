import type { Metadata } from "@grpc/grpc-js";
import { createBackoff } from "../calls/backoff.js";
import { optionViolations, requireValid } from "../calls/checkArguments.js";
import { patienceMs } from "../calls/pollUntil.js";
import { serverStream } from "../calls/serverStream.js";
import type { Connection } from "../connection.js";
import { readMessage } from "../mapping/readMessage.js";
import type { TrainingEvent, TrainingJobState } from "../messages.js";
import { StepwireError } from "../stepwireError.js";

/** Options of a watch. */
export interface WatchOptions {
  /** From a watch or an event: go on after that event. From the beginning when left out. */
  resumeToken?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** The events of one job. It can be gone through once. */
export interface TrainingWatch extends AsyncIterable<TrainingEvent> {
  /**
   * Where another watch goes on: after the last event that was dealt with, that is, after which the next one was asked for. An event whose
   * handling failed, or that a loop was left in, comes again. Empty before the first.
   */
  readonly resumeToken: string;
}

/** A job, or an evaluation, in one of these states changes no more. */
export function isEnded(state: TrainingJobState): boolean {
  return state === "SUCCEEDED" || state === "FAILED" || state === "CANCELLED";
}

/**
 * Everything that happens to a job, in order and without gaps, ending after the event that says how the job ended. A lost connection is made
 * again and the stream goes on after the last event; after a minute without a connection it gives up, with a StepwireError.
 */
export function watchTrainingJob(connection: Connection, id: string, options: WatchOptions): TrainingWatch {
  const position = { token: "" };
  const events = follow(connection, id, options, position);
  return {
    get resumeToken() {
      return position.token;
    },
    [Symbol.asyncIterator]: () => events,
  };
}

async function* follow(
  connection: Connection,
  id: string,
  options: WatchOptions,
  position: { token: string },
): AsyncGenerator<TrainingEvent, void, undefined> {
  requireValid(optionViolations(options, ["resumeToken", "signal"], ""));
  const { signal } = options;
  const method = "TrainerService/WatchTrainingJob";
  const backoff = createBackoff(100, 5000);
  position.token = options.resumeToken ?? "";
  let failingSince: number | undefined;
  for (;;) {
    let failure = new StepwireError("UNAVAILABLE", `The watch of training job "${id}" ended before the job did.`, {
      reason: "WATCH_ENDED_EARLY",
    });
    try {
      const request = { id, resume_token: position.token };
      const start = (metadata: Metadata) => connection.trainer.WatchTrainingJob(request, metadata);
      for await (const message of serverStream(connection, method, start, signal)) {
        const event = readMessage("stepwire.v1.TrainingEvent", message);
        failingSince = undefined;
        backoff.reset();
        yield event;
        // Only now has the caller dealt with the event.
        position.token = event.resumeToken || position.token;
        if (event.stateChange && isEnded(event.stateChange.state)) return;
      }
    } catch (error) {
      failure = StepwireError.from(error);
    }
    // Counted from the first failure: the caller may have taken its time with the last event.
    failingSince ??= Date.now();
    if (!failure.retryable || Date.now() - failingSince > patienceMs) throw failure;
    await backoff.wait(signal).catch((error: unknown) => {
      throw StepwireError.from(error);
    });
  }
}
