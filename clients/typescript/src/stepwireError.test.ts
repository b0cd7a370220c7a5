import { Metadata, status } from "@grpc/grpc-js";
import { encodeStatusDetails } from "@stepwire/proto";
import { describe, expect, it } from "vitest";
import { StepwireError } from "./stepwireError.js";
import { statusCodes } from "./statusCodes.js";

// Written by Python's googleapis-common-protos 1.76.0: google.rpc.Status(code=3, message="2 faults") with ErrorInfo, RetryInfo and BadRequest.
const fromPython =
  "CAMSCDIgZmF1bHRzGmAKKHR5cGUuZ29vZ2xlYXBpcy5jb20vZ29vZ2xlLnJwYy5FcnJvckluZm8SNAoOSU5WQUxJRF9GSUVMRFMSCHN0ZXB3aXJlGhgKCHJlc291cmNlEgx0cmFp" +
  "bmluZyBqb2IaKgoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxrhAQopdHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLkJhZFJlcXVlc3QSswEKTwoX" +
  "dHJhaW5pbmdfam9iLmJhdGNoX3NpemUSJjAgaXMgb3V0IG9mIHJhbmdlOyBhbGxvd2VkOiAxIHRvIDY1NTM2GgxPVVRfT0ZfUkFOR0UKYAobdHJhaW5pbmdfam9iLm9wdGltaXplci5u" +
  "YW1lEjIiYWRhbXYiIGlzIG5vdCBhbiBvcHRpbWl6ZXI7IGRpZCB5b3UgbWVhbiAiYWRhbXciPxoNVU5LTk9XTl9WQUxVRQ==";
const violations = [
  { field: "training_job.batch_size", reason: "OUT_OF_RANGE", description: "0 is out of range; allowed: 1 to 65536" },
  { field: "training_job.optimizer.name", reason: "UNKNOWN_VALUE", description: '"adamv" is not an optimizer; did you mean "adamw"?' },
];

function serviceError(code: number, details: string, trailer?: Buffer): Error {
  const metadata = new Metadata();
  if (trailer) metadata.set("grpc-status-details-bin", trailer);
  return Object.assign(new Error(`${code}: ${details}`), { code, details, metadata });
}

describe("StepwireError.from", () => {
  it("reads the details that another implementation of google.rpc wrote", () => {
    const error = StepwireError.from(serviceError(status.INVALID_ARGUMENT, "2 faults", Buffer.from(fromPython, "base64")));
    expect(error).toMatchObject({
      code: "INVALID_ARGUMENT",
      reason: "INVALID_FIELDS",
      metadata: { resource: "training job" },
      violations,
      retryable: false,
    });
    expect(error.message).toBe(`2 faults\n${violations.map(({ field, description }) => `  ${field}: ${description}`).join("\n")}`);
  });

  it("reads what encodeStatusDetails writes", () => {
    const details = { code: status.INVALID_ARGUMENT, message: "m", reason: "R", metadata: { a: "b" }, violations };
    const error = StepwireError.from(serviceError(status.INVALID_ARGUMENT, "m", Buffer.from(encodeStatusDetails(details))));
    expect(error).toMatchObject({ reason: "R", metadata: { a: "b" }, violations });
  });

  it("keeps the message when the details are missing or no google.rpc.Status", () => {
    for (const trailer of [undefined, Buffer.from([255, 255, 255])])
      expect(StepwireError.from(serviceError(status.UNAVAILABLE, "no connection", trailer))).toMatchObject({
        code: "UNAVAILABLE",
        message: "no connection",
        reason: "",
        violations: [],
        retryable: true,
      });
  });

  it("takes any thrown value", () => {
    const own = new StepwireError("NOT_FOUND", "gone");
    expect(StepwireError.from(own)).toBe(own);
    expect(StepwireError.from(new TypeError("x is not a function"))).toMatchObject({ code: "UNKNOWN", message: "x is not a function" });
    expect(StepwireError.from("text")).toMatchObject({ code: "UNKNOWN", message: "text" });
    expect(StepwireError.from(new DOMException("stop", "AbortError"))).toMatchObject({ code: "CANCELLED" });
  });

  it("names every code as gRPC does", () => {
    for (const [index, name] of statusCodes.entries()) expect(status[name]).toBe(index + 1);
    expect(StepwireError.from(serviceError(99, "strange")).code).toBe("UNKNOWN");
  });
});
