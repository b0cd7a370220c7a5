import { once } from "node:events";
import * as grpc from "@grpc/grpc-js";
import { SpanKind } from "@opentelemetry/api";
import { orAborted } from "./abort.js";
import { serverScope, watchCallEnd, type CallContext, type CallLike } from "./callContext.js";
import { toServiceError, toStatusError } from "./statusError.js";
import { injectTraceparent, meter, withTraceparent } from "./telemetry.js";

export type { CallContext } from "./callContext.js";

/** A handler of a call with one request and one response. Throw a StatusError for what the caller did wrong. */
export function unary<Request, Response>(
  fn: (request: Request, call: CallContext) => Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    void run(call, false, (context) => orAborted(fn(call.request, context), context.signal)).then(
      (response) => callback(null, response),
      (error: unknown) => callback(asServiceError(error)),
    );
  };
}

/** A handler of a call with one request and a stream of responses, sent no faster than the caller takes them. */
export function serverStream<Request, Response>(
  fn: (request: Request, call: CallContext) => AsyncIterable<Response>,
): grpc.handleServerStreamingCall<Request, Response> {
  return (call) => {
    // Without a listener a write after the caller left would end the process.
    call.on("error", () => undefined);
    void run(call, true, (context) => send(fn(call.request, context), call, context.signal)).then(
      () => call.end(),
      (error: unknown) => call.emit("error", asServiceError(error)),
    );
  };
}

/** A handler of a call with a stream of requests and one response; the caller sends no faster than `requests` is read. */
export function clientStream<Request, Response>(
  fn: (requests: AsyncIterable<Request>, call: CallContext) => Promise<Response>,
): grpc.handleClientStreamingCall<Request, Response> {
  return (call, callback) => {
    void run(call, false, (context) => orAborted(fn(call, context), context.signal)).then(
      (response) => callback(null, response),
      (error: unknown) => {
        callback(asServiceError(error));
        // What the caller still sends is thrown away.
        call.resume();
      },
    );
  };
}

async function send<Response>(
  responses: AsyncIterable<Response>,
  call: grpc.ServerWritableStream<unknown, Response>,
  signal: AbortSignal,
): Promise<void> {
  const iterator = responses[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await orAborted(iterator.next(), signal);
      if (next.done) return;
      if (!call.write(next.value)) await once(call, "drain", { signal }).catch(() => signal.throwIfAborted());
    }
  } finally {
    // Not awaited: a generator that waits for something else closes when that settles.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

/** Runs one call in a span, with its logging and its counters. */
async function run<T>(call: CallLike, isStream: boolean, fn: (context: CallContext) => Promise<T>): Promise<T> {
  const scope = serverScope.getStore();
  const end = watchCallEnd(call, isStream ? scope?.draining : undefined);
  const path = call.getPath();
  const [, service = "", method = ""] = path.split("/");
  const started = performance.now();
  let code = grpc.status.OK;
  const attributes = { "rpc.system": "grpc", "rpc.service": service, "rpc.method": method };
  const header = call.metadata.get("traceparent")[0]?.toString();
  try {
    return await withTraceparent(
      header,
      `${service}/${method}`,
      attributes,
      async (span) => {
        const traceparent = injectTraceparent(span);
        try {
          return await fn({
            signal: end.signal,
            deadline: Number(call.getDeadline()),
            metadata: call.metadata,
            ...(traceparent === undefined ? {} : { traceparent }),
            tenant: "default",
          });
        } catch (error) {
          // A handler that saw its signal may throw anything: what ended the call is the reason.
          const reason = toStatusError(end.signal.aborted ? end.signal.reason : error, scope?.logger);
          code = reason.code;
          if (reason.cause instanceof Error) span.recordException(reason.cause);
          throw reason;
        } finally {
          span.setAttribute("rpc.grpc.status_code", code);
          const seconds = (performance.now() - started) / 1000;
          scope?.logger[code === grpc.status.INTERNAL ? "error" : "debug"]({ path, code: grpc.status[code], seconds }, "call");
          meter()
            .createHistogram("rpc.server.duration", { unit: "s" })
            .record(seconds, { ...attributes, "rpc.grpc.status_code": code });
        }
      },
      SpanKind.SERVER,
    );
  } finally {
    end.release();
  }
}

function asServiceError(error: unknown): grpc.ServiceError {
  return toServiceError(error, serverScope.getStore()?.logger);
}
