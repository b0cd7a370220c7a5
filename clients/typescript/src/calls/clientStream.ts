import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import type { CallOptions as GrpcCallOptions, ClientWritableStream, Metadata } from "@grpc/grpc-js";
import type { Connection } from "../connection.js";
import type { CallOptions } from "../options.js";
import { StepwireError } from "../stepwireError.js";
import { unary } from "./unary.js";
import { untilAborted } from "./untilAborted.js";

type Callback = (error: Error | null, response?: object) => void;

/**
 * A call with a stream of messages and one answer; messages are taken no faster than the server reads them, and no more once the call has ended: with an
 * answer, which may come before everything was sent, at its deadline, or by the signal. The call has no deadline unless one is given, and is not made
 * again.
 * @param messages are given a signal that is aborted when the call has ended, also while a message is waited for
 * @throws StepwireError; what `messages` throws is thrown as one, and ends the call
 */
export async function clientStream<Request>(
  connection: Connection,
  method: string,
  start: (metadata: Metadata, options: GrpcCallOptions, callback: Callback) => ClientWritableStream<Request>,
  messages: (ended: AbortSignal) => AsyncIterable<Request>,
  options: CallOptions,
): Promise<object> {
  const aborted = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, aborted.signal]) : aborted.signal;
  const ended = new AbortController();
  let sending: Promise<unknown> = Promise.resolve();
  let failure: { reason: unknown } | undefined;
  const response = unary<object>(
    connection,
    method,
    (...call) => {
      const stream = start(...(call as Parameters<typeof start>));
      stream.once("status", () => ended.abort());
      sending = send(stream, messages(ended.signal), ended.signal).catch((reason: unknown) => {
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
    ended.abort();
    await sending;
  }
}

async function send<Request>(stream: ClientWritableStream<Request>, messages: AsyncIterable<Request>, ended: AbortSignal): Promise<void> {
  for await (const message of untilAborted(messages, ended)) {
    const isTaken = stream.write(message);
    // The caller's other work gets its turn: messages made of what is at hand would come one after the other.
    await setImmediate();
    if (!isTaken && !ended.aborted && stream.writableNeedDrain) await once(stream, "drain", { signal: ended }).catch(() => undefined);
  }
  if (!ended.aborted) stream.end();
}
