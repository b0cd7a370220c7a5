import * as grpc from "@grpc/grpc-js";
import type { Logger } from "./logger.js";
import { isNatsAway } from "./natsAway.js";
import { encodeStatusDetails, type FieldViolation } from "@stepwire/proto";

export type { FieldViolation } from "@stepwire/proto";

/** Peers refuse more than 8 KB of headers: the details take at most this many bytes (a third more as base64) ... */
const maxDetailBytes = 4800;
/** ... and the message, percent-encoded, this many. */
const maxMessageBytes = 1200;

/** What else an error says. */
export interface StatusErrorOptions {
  metadata?: Record<string, string>;
  violations?: readonly FieldViolation[];
  cause?: unknown;
}

/** An error that a caller of the API is meant to read. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly metadata: Record<string, string>;
  readonly violations: readonly FieldViolation[];

  /** @param reason UPPER_SNAKE, stable: programs branch on it. */
  constructor(
    readonly code: grpc.status,
    readonly reason: string,
    message: string,
    options: StatusErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.metadata = options.metadata ?? {};
    this.violations = options.violations ?? [];
  }
}

/** INVALID_ARGUMENT with everything that is wrong with the request. */
export function invalidArgument(violations: readonly FieldViolation[]): StatusError {
  const message = violations.map(({ field, description }) => `${field}: ${description}`).join("\n");
  return new StatusError(
    grpc.status.INVALID_ARGUMENT,
    violations.length === 1 ? (violations[0]?.reason ?? "INVALID") : "INVALID_FIELDS",
    message,
    { violations },
  );
}

/** NOT_FOUND: there is no `resource` ("training job") called `id`. `field` is the request's field that named it. */
export function notFound(resource: string, id: string, field?: string): StatusError {
  return aboutResource(grpc.status.NOT_FOUND, "NOT_FOUND", `There is no ${resource} "${id}".`, resource, id, field);
}

/** ALREADY_EXISTS: another `resource` is called `id`. `advice` says what differs or what to do. */
export function alreadyExists(resource: string, id: string, field?: string, advice?: string): StatusError {
  const message = `There is another ${resource} "${id}"${advice === undefined ? "." : `: ${advice}.`}`;
  return aboutResource(grpc.status.ALREADY_EXISTS, "ALREADY_EXISTS", message, resource, id, field);
}

/** FAILED_PRECONDITION: the request is fine, the state of things does not allow it. */
export function failedPrecondition(reason: string, message: string, metadata: Record<string, string> = {}): StatusError {
  return new StatusError(grpc.status.FAILED_PRECONDITION, reason, message, { metadata });
}

function aboutResource(code: grpc.status, suffix: string, message: string, resource: string, id: string, field?: string): StatusError {
  const reason = `${resource.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}_${suffix}`;
  const violations = field === undefined ? [] : [{ field, reason, description: message }];
  return new StatusError(code, reason, message, { metadata: { resource, id }, violations });
}

/**
 * The error as a caller may read it: a StatusError as it is; UNAVAILABLE, to be tried again, when NATS does not answer; INTERNAL without
 * its text for everything else. What the caller is not shown is logged.
 */
export function toStatusError(error: unknown, logger?: Logger): StatusError {
  if (error instanceof StatusError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  if (isNatsAway(cause)) {
    logger?.warn({ err: cause }, "NATS did not answer");
    return new StatusError(grpc.status.UNAVAILABLE, "NATS_UNAVAILABLE", "NATS does not answer at the moment; try again.", { cause });
  }
  logger?.error({ err: cause }, "unexpected error");
  return new StatusError(grpc.status.INTERNAL, "INTERNAL", "The server met an unexpected error; its log says more.", { cause });
}

/**
 * What gRPC sends for an error: the status and, as `grpc-status-details-bin`, a google.rpc.Status with ErrorInfo and BadRequest.
 */
export function toServiceError(error: unknown, logger?: Logger): grpc.ServiceError {
  const status = toStatusError(error, logger);
  const message = shorten(status.message);
  const metadata = new grpc.Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(encodeWithin(status, message)));
  return Object.assign(new Error(message, { cause: error }), { code: status.code, details: message, metadata });
}

/** Encodes as many violations as fit, and says how many more there are. */
function encodeWithin(status: StatusError, message: string): Uint8Array {
  const { code, reason, metadata, violations } = status;
  for (let kept = violations.length; ; kept = Math.floor(kept * 0.8)) {
    const left = violations.length - kept;
    const rest = left === 0 ? [] : [{ field: "", reason: "MORE_VIOLATIONS", description: `and ${left} more` }];
    const bytes = encodeStatusDetails({ code, message, reason, metadata, violations: [...violations.slice(0, kept), ...rest] });
    if (bytes.length <= maxDetailBytes) return bytes;
    if (kept === 0) return encodeStatusDetails({ code, message, reason, metadata: {}, violations: rest });
  }
}

function shorten(message: string): string {
  const size = (text: string): number =>
    Buffer.from(text).reduce((bytes, byte) => bytes + (byte > 0x20 && byte < 0x7f && byte !== 0x25 ? 1 : 3), 0);
  if (size(message) <= maxMessageBytes) return message;
  const characters = [...message];
  let kept = Math.min(characters.length, maxMessageBytes);
  while (size(characters.slice(0, kept).join("")) > maxMessageBytes - 10) kept = Math.floor(kept * 0.9);
  return `${characters.slice(0, kept).join("")}…`;
}
