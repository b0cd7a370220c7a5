import * as grpc from "@grpc/grpc-js";
import protobuf from "protobufjs";
import { expect, it } from "vitest";
import { alreadyExists, failedPrecondition, invalidArgument, notFound, StatusError, toServiceError } from "./statusError.js";

// Google's own definitions, written down once more so that the encoder is not checked against itself.
const { root } = protobuf.parse(
  `syntax = "proto3"; package google.rpc;
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }
  message BadRequest { message FieldViolation { string field = 1; string description = 2; string reason = 3; } repeated FieldViolation field_violations = 1; }`,
  { keepCase: true },
);

function decode(error: grpc.ServiceError) {
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  const status = root.lookupType("google.rpc.Status").toObject(root.lookupType("google.rpc.Status").decode(bytes as Buffer)) as {
    code: number;
    message: string;
    details: { type_url: string; value: Uint8Array }[];
  };
  const details = status.details.map(({ type_url, value }) => {
    const type = root.lookupType(type_url.replace("type.googleapis.com/", ""));
    return type.toObject(type.decode(value));
  });
  return { code: status.code, message: status.message, details };
}

it("carries the reason and every violation in google.rpc's own encoding", () => {
  const violations = [
    { field: "training_job.seed", reason: "OUT_OF_RANGE", description: "-1 is below 0" },
    { field: "training_job.optimizer.name", reason: "UNKNOWN_OPTIMIZER", description: '"adamv" is unknown; did you mean "adamw"?' },
  ];
  const error = toServiceError(invalidArgument(violations));
  expect(error).toMatchObject({ code: grpc.status.INVALID_ARGUMENT, details: expect.stringContaining("training_job.seed: -1 is below 0") });
  expect(decode(error)).toEqual({
    code: 3,
    message: error.details,
    details: [{ reason: "INVALID_FIELDS", domain: "stepwire" }, { field_violations: violations }],
  });
});

it("names the resource that is missing or in the way", () => {
  expect(decode(toServiceError(notFound("training job", "x"))).details).toEqual([
    { reason: "TRAINING_JOB_NOT_FOUND", domain: "stepwire", metadata: { resource: "training job", id: "x" } },
  ]);
  expect(alreadyExists("dataset", "d", "dataset_id")).toMatchObject({
    code: 6,
    reason: "DATASET_ALREADY_EXISTS",
    violations: [{ field: "dataset_id" }],
  });
  expect(failedPrecondition("JOB_ENDED", "It ended.", { state: "FAILED" })).toMatchObject({ code: 9, metadata: { state: "FAILED" } });
});

it("keeps its trailers small and says how many violations it left out", () => {
  const violations = Array.from({ length: 500 }, (_, n) => ({
    field: `rows[${n}]`,
    reason: "BAD",
    description: `täglich ${"ä".repeat(100)}`,
  }));
  const error = toServiceError(invalidArgument(violations));
  const bytes = (error.metadata.get("grpc-status-details-bin")[0] as Buffer).length;
  expect((bytes * 4) / 3 + encodeURI(error.details).length).toBeLessThan(8000);
  const sent = decode(error).details[1]?.["field_violations"] as { field?: string; description: string }[];
  expect(sent.at(-1)?.description).toBe(`and ${500 - (sent.length - 1)} more`);
  expect(sent.length).toBeGreaterThan(5);
});

it("hides what went wrong inside", () => {
  const error = toServiceError(new Error("password in here"));
  expect(error.code).toBe(grpc.status.INTERNAL);
  expect(JSON.stringify(decode(error))).not.toContain("password");
  expect(toServiceError(new StatusError(grpc.status.INTERNAL, "X", "")).details).toBe("");
});
