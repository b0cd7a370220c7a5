import { AsyncLocalStorage } from "node:async_hooks";
import * as grpc from "@grpc/grpc-js";
import type { Logger } from "./logger.js";
import { StatusError } from "./statusError.js";

/** What a handler knows about its call. */
export interface CallContext {
  /** Aborted when the caller cancels or its deadline passes; for streams also when the server shuts down. `reason` is a StatusError. */
  signal: AbortSignal;
  /** When the caller gives up, in milliseconds since 1970; Infinity: never. */
  deadline: number;
  metadata: grpc.Metadata;
  /** W3C trace context of this call's span, to hand on. */
  traceparent?: string;
  /** `default` until accounts exist. */
  tenant: "default";
}

/** What a server lends to the handlers it runs. */
export interface ServerScope {
  logger: Logger;
  /** Aborted when the server begins to shut down. */
  draining: AbortSignal;
}

export const serverScope = new AsyncLocalStorage<ServerScope>();

/** The end of a call from outside. */
export interface CallEnd {
  signal: AbortSignal;
  /** Forgets timers and listeners. */
  release(): void;
}

/** A signal that is aborted with a StatusError when the call is cancelled, when its deadline passes or when `draining` is. */
export function watchCallEnd(call: CallLike, draining: AbortSignal | undefined): CallEnd {
  const controller = new AbortController();
  const abort = (code: grpc.status, reason: string, message: string) => controller.abort(new StatusError(code, reason, message));
  const deadline = Number(call.getDeadline());
  const expire = () => abort(grpc.status.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", "The call's deadline passed.");
  const cancel = () => (deadline <= Date.now() ? expire() : abort(grpc.status.CANCELLED, "CANCELLED", "The caller cancelled the call."));
  const drain = () =>
    abort(grpc.status.UNAVAILABLE, "SHUTTING_DOWN", "The server is shutting down; try again, with the last resume token for a stream.");
  // Timers hold 31 bits of milliseconds; a deadline beyond that is none.
  const left = deadline - Date.now();
  const timer = left < 2 ** 31 ? setTimeout(expire, Math.max(0, left)) : undefined;
  if (call.cancelled) cancel();
  if (draining?.aborted) drain();
  call.on("cancelled", cancel);
  draining?.addEventListener("abort", drain, { once: true });
  return {
    signal: controller.signal,
    release: () => {
      clearTimeout(timer);
      call.off("cancelled", cancel);
      draining?.removeEventListener("abort", drain);
    },
  };
}

/** What the four kinds of server calls have in common. */
export interface CallLike {
  readonly cancelled: boolean;
  readonly metadata: grpc.Metadata;
  getDeadline(): grpc.Deadline;
  getPath(): string;
  on(event: "cancelled", listener: () => void): unknown;
  off(event: "cancelled", listener: () => void): unknown;
}
