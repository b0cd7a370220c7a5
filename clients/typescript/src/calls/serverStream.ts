import type { ClientReadableStream, Metadata } from "@grpc/grpc-js";
import { StepwireError } from "../stepwireError.js";
import { startClientSpan } from "./clientSpan.js";
import { abortedError } from "./unary.js";

/**
 * The messages of a call with a stream of answers, taken from the network no faster than the caller asks for them. Leaving the loop early
 * cancels the call.
 * @throws StepwireError
 */
export async function* serverStream<Response>(
  method: string,
  start: (metadata: Metadata) => ClientReadableStream<Response>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Response, void, undefined> {
  if (signal?.aborted) throw abortedError(method, signal);
  const span = startClientSpan(method);
  const call = start(span.metadata);
  // Cancelling an ended call emits an error that nobody waits for any more.
  call.on("error", () => undefined);
  const abort = (): void => call.cancel();
  signal?.addEventListener("abort", abort, { once: true });
  let failure: StepwireError | undefined;
  try {
    for await (const message of call) {
      if (signal?.aborted) throw abortedError(method, signal);
      yield message as Response;
    }
  } catch (error) {
    failure = signal?.aborted ? abortedError(method, signal) : StepwireError.from(error);
    throw failure;
  } finally {
    signal?.removeEventListener("abort", abort);
    call.cancel();
    span.end(failure);
  }
}
