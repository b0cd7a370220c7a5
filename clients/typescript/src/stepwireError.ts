import { Metadata } from "@grpc/grpc-js";
import { decodeStatusDetails, type FieldViolation } from "@stepwire/proto";
import { statusCode, type StatusCode } from "./statusCodes.js";

/** What else an error says. */
export interface StepwireErrorOptions {
  reason?: string;
  metadata?: Record<string, string>;
  violations?: readonly FieldViolation[];
  cause?: unknown;
}

/** The one error type of the SDK. Its message is one line, then one line for each violation. */
export class StepwireError extends Error {
  override readonly name = "StepwireError";
  /** UPPER_SNAKE, stable: what happened more exactly than `code`, for example JOB_NOT_SUCCEEDED; empty when the server did not say. */
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Everything that is wrong with the input, at once. */
  readonly violations: readonly FieldViolation[];
  /** The same call may succeed when it is made again. */
  readonly retryable: boolean;

  constructor(
    readonly code: StatusCode,
    /** The message without the violations. */
    readonly summary: string,
    options: StepwireErrorOptions = {},
  ) {
    const violations = options.violations ?? [];
    super(withViolations(summary, violations), options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = options.reason ?? "";
    this.metadata = options.metadata ?? {};
    this.violations = violations;
    this.retryable = code === "UNAVAILABLE";
  }

  /** INVALID_ARGUMENT with everything that is wrong. */
  static invalid(violations: readonly FieldViolation[]): StepwireError {
    const reason = violations.length === 1 ? (violations[0]?.reason ?? "") : "INVALID_FIELDS";
    return new StepwireError("INVALID_ARGUMENT", summaryOf(violations), { reason, violations });
  }

  /** Any thrown value as a StepwireError: an error of gRPC with its details decoded, an abort as CANCELLED, anything else as UNKNOWN. */
  static from(error: unknown): StepwireError {
    if (error instanceof StepwireError) return error;
    if (isServiceError(error)) return fromServiceError(error);
    if (error instanceof Error && error.name === "AbortError")
      return new StepwireError("CANCELLED", "The call was cancelled by the caller.", { reason: "ABORTED_BY_CALLER", cause: error });
    return new StepwireError("UNKNOWN", error instanceof Error ? error.message : String(error), { cause: error });
  }
}

interface ServiceError extends Error {
  code: number;
  details: string;
  metadata?: unknown;
}

function isServiceError(error: unknown): error is ServiceError {
  return (
    error instanceof Error && "code" in error && typeof error.code === "number" && "details" in error && typeof error.details === "string"
  );
}

function fromServiceError(error: ServiceError): StepwireError {
  const trailer = error.metadata instanceof Metadata ? error.metadata.get("grpc-status-details-bin")[0] : undefined;
  const details = trailer instanceof Uint8Array ? decodeStatusDetails(trailer) : undefined;
  const { reason = "", metadata = {}, violations = [] } = details ?? {};
  // The server's message repeats the violations for callers that do not decode details.
  const repeated = new Set(violations.map(({ field, description }) => `${field}: ${description}`));
  const own = error.details.split("\n").filter((line) => !repeated.has(line));
  const shortened = violations.length > 0 && error.details.endsWith("…");
  const summary = own.length === 0 || own.join("") === "" || shortened ? summaryOf(violations) : own.join("\n");
  return new StepwireError(statusCode(error.code), summary || statusCode(error.code), { reason, metadata, violations, cause: error });
}

/** The summary of an error that is nothing but its violations. */
export function summaryOf(violations: readonly FieldViolation[]): string {
  return violations.length === 1 ? "One field is invalid:" : `${violations.length} fields are invalid:`;
}

function withViolations(summary: string, violations: readonly FieldViolation[]): string {
  const lines = violations
    .filter(({ description }) => description !== summary)
    .map(({ field, description }) => `  ${field === "" ? "" : `${field}: `}${description}`);
  return [summary, ...lines].join("\n");
}
