import type { CallOptions as GrpcCallOptions, ClientUnaryCall, Metadata, requestCallback } from "@grpc/grpc-js";
import { type CallOptions, deadlineViolations } from "../options.js";
import { StepwireError } from "../stepwireError.js";
import { startClientSpan } from "./clientSpan.js";

/** The error of a call whose signal was aborted. */
export function abortedError(method: string, signal: AbortSignal): StepwireError {
  return new StepwireError("CANCELLED", `${method} was cancelled by the caller.`, { reason: "ABORTED_BY_CALLER", cause: signal.reason });
}

/**
 * Makes a call with one answer.
 * @param method for example `TrainerService/GetTrainingJob`, for the span and messages
 * @param start makes the call on a generated client
 * @param defaultDeadlineMs used when the options name none; `Infinity`: no deadline
 * @throws StepwireError
 */
export async function unary<Response>(
  method: string,
  start: (metadata: Metadata, options: GrpcCallOptions, callback: requestCallback<Response>) => Pick<ClientUnaryCall, "cancel">,
  options: CallOptions,
  defaultDeadlineMs: number,
): Promise<Response> {
  const { signal, deadlineMs = defaultDeadlineMs } = options;
  const violations = deadlineViolations(deadlineMs);
  if (violations.length > 0) throw StepwireError.invalid(violations);
  if (signal?.aborted) throw abortedError(method, signal);
  const span = startClientSpan(method);
  let abort: (() => void) | undefined;
  try {
    const response = await new Promise<Response>((resolve, reject) => {
      const call = start(span.metadata, { deadline: deadlineMs === Infinity ? Infinity : Date.now() + deadlineMs }, (error, value) => {
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
  }
}
