import type { CallOptions as GrpcCallOptions, ClientUnaryCall, Metadata, requestCallback } from "@grpc/grpc-js";
import type { Connection } from "../connection.js";
import type { CallOptions } from "../options.js";
import { StepwireError } from "../stepwireError.js";
import { startClientSpan } from "./clientSpan.js";

const longestTimerMs = 2 ** 31 - 1;

/** The error of a call whose signal was aborted. */
export function abortedError(method: string, signal: AbortSignal): StepwireError {
  return new StepwireError("CANCELLED", `${method} was cancelled by the caller.`, { reason: "ABORTED_BY_CALLER", cause: signal.reason });
}

/**
 * Makes a call with one answer.
 * @param method for example `TrainerService/GetTrainingJob`, for the span and messages
 * @param start makes the call on a generated client
 * @param options checked already
 * @param defaultDeadlineMs used when the options name none; `Infinity`: no deadline
 * @throws StepwireError
 */
export async function unary<Response>(
  connection: Connection,
  method: string,
  start: (metadata: Metadata, options: GrpcCallOptions, callback: requestCallback<Response>) => Pick<ClientUnaryCall, "cancel">,
  options: CallOptions,
  defaultDeadlineMs: number = connection.deadlineMs,
): Promise<Response> {
  const { signal, deadlineMs = defaultDeadlineMs } = options;
  if (signal?.aborted) throw abortedError(method, signal);
  const release = connection.holdOpen(method);
  const span = startClientSpan(method);
  let abort: (() => void) | undefined;
  try {
    const response = await new Promise<Response>((resolve, reject) => {
      // gRPC refuses deadlines that are longer than a timer can be.
      const deadline = deadlineMs > longestTimerMs ? Infinity : Date.now() + deadlineMs;
      const call = start(span.metadata, { deadline }, (error, value) => {
        if (error) reject(error);
        else if (value === undefined) reject(new Error(`${method} ended without an answer.`));
        else resolve(value);
      });
      abort = () => call.cancel();
      signal?.addEventListener("abort", abort, { once: true });
    });
    span.end();
    return response;
  } catch (error) {
    const failure = signal?.aborted ? abortedError(method, signal) : StepwireError.from(error);
    span.end(failure);
    throw failure;
  } finally {
    if (abort) signal?.removeEventListener("abort", abort);
    release();
  }
}
