import { once } from "node:events";
import type { CallOptions as GrpcCallOptions, ClientWritableStream, Metadata } from "@grpc/grpc-js";
import type { Connection } from "../connection.js";
import type { CallOptions } from "../options.js";
import { StepwireError } from "../stepwireError.js";
import { unary } from "./unary.js";

type Callback = (error: Error | null, response?: object) => void;

/**
 * A call with a stream of messages and one answer; messages are taken no faster than the server reads them, and no more once it has answered, which it
 * may do before it has everything. The call has no deadline unless one is given, and is not made again.
 * @throws StepwireError; what `messages` throws is thrown as one, and ends the call
 */
export async function clientStream<Request>(
  connection: Connection,
  method: string,
  start: (metadata: Metadata, options: GrpcCallOptions, callback: Callback) => ClientWritableStream<Request>,
  messages: AsyncIterable<Request>,
  options: CallOptions,
): Promise<object> {
  const aborted = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, aborted.signal]) : aborted.signal;
  let sending: Promise<unknown> = Promise.resolve();
  let failure: { reason: unknown } | undefined;
  const response = unary<object>(
    connection,
    method,
    (...call) => {
      const stream = start(...(call as Parameters<typeof start>));
      const answered = new Promise<void>((resolve) => stream.once("status", () => resolve()));
      sending = send(stream, messages, answered).catch((reason: unknown) => {
        failure = { reason };
        aborted.abort(reason);
      });
      return stream;
    },
    { ...options, signal },
    Infinity,
  );
  try {
    return await response;
  } catch (error) {
    throw failure === undefined ? error : StepwireError.from(failure.reason);
  } finally {
    await sending;
  }
}

async function send<Request>(
  stream: ClientWritableStream<Request>,
  messages: AsyncIterable<Request>,
  answered: Promise<void>,
): Promise<void> {
  let over = false;
  void answered.then(() => (over = true));
  for await (const message of messages) {
    if (over) return;
    if (!stream.write(message)) await Promise.race([once(stream, "drain").catch(() => undefined), answered]);
  }
  if (!over) stream.end();
}
