/** The error codes of gRPC by name, in the order of their numbers (`CANCELLED` is 1). The set is closed. */
export const statusCodes = [
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
] as const;
export type StatusCode = (typeof statusCodes)[number];

/** The name of a number on the wire; UNKNOWN for numbers that gRPC does not define. */
export function statusCode(number: number): StatusCode {
  return statusCodes[number - 1] ?? "UNKNOWN";
}
