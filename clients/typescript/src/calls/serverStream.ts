import type { ClientReadableStream, Metadata } from "@grpc/grpc-js";
import type { Connection } from "../connection.js";
import { StepwireError } from "../stepwireError.js";
import { startClientSpan } from "./clientSpan.js";
import { abortedError } from "./unary.js";

/**
 * The messages of a call with a stream of answers, taken from the network no faster than the caller asks for them. Leaving the loop early
 * cancels the call.
 * @throws StepwireError
 */
export async function* serverStream<Response>(
  connection: Connection,
  method: string,
  start: (metadata: Metadata) => ClientReadableStream<Response>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Response, void, undefined> {
  if (signal?.aborted) throw abortedError(method, signal);
  const release = connection.holdOpen(method);
  const span = startClientSpan(method);
  let call: ClientReadableStream<Response> | undefined;
  const abort = (): void => call?.cancel();
  let failure: StepwireError | undefined;
  try {
    call = start(span.metadata);
    // Cancelling an ended call emits an error that nobody waits for any more.
    call.on("error", () => undefined);
    signal?.addEventListener("abort", abort, { once: true });
    for await (const message of call) {
      if (signal?.aborted) throw abortedError(method, signal);
      yield message as Response;
    }
  } catch (error) {
    failure = signal?.aborted ? abortedError(method, signal) : StepwireError.from(error);
    throw failure;
  } finally {
    signal?.removeEventListener("abort", abort);
    call?.cancel();
    span.end(failure);
    release();
  }
}
