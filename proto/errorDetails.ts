import protobuf from "protobufjs";

/** One thing wrong with a request, in the words of google.rpc.BadRequest. */
export interface FieldViolation {
  /** Path of the field, for example `training_job.optimizer.name`. */
  field: string;
  /** UPPER_SNAKE. */
  reason: string;
  /** Quotes the value and says what is allowed. */
  description: string;
}

/** What the `grpc-status-details-bin` trailer carries: a google.rpc.Status with ErrorInfo and BadRequest. */
export interface ErrorDetails {
  /** A gRPC status code. */
  code: number;
  message: string;
  /** UPPER_SNAKE, from ErrorInfo; empty when there is none. */
  reason: string;
  /** From ErrorInfo. */
  metadata: Record<string, string>;
  violations: readonly FieldViolation[];
}

// The field numbers of google/rpc/status.proto, google/rpc/error_details.proto and google/protobuf/any.proto.
const { Field, MapField, Type } = protobuf;
const anyType = new Type("Any").add(new Field("type_url", 1, "string")).add(new Field("value", 2, "bytes"));
const statusType = new Type("Status")
  .add(new Field("code", 1, "int32"))
  .add(new Field("message", 2, "string"))
  .add(new Field("details", 3, "Any", "repeated"));
const errorInfoType = new Type("ErrorInfo")
  .add(new Field("reason", 1, "string"))
  .add(new Field("domain", 2, "string"))
  .add(new MapField("metadata", 3, "string", "string"));
const violationType = new Type("FieldViolation")
  .add(new Field("field", 1, "string"))
  .add(new Field("description", 2, "string"))
  .add(new Field("reason", 3, "string"));
const badRequestType = new Type("BadRequest").add(new Field("field_violations", 1, "FieldViolation", "repeated"));
const namespace = new protobuf.Root().define("stepwire.errordetails");
for (const type of [anyType, statusType, errorInfoType, violationType, badRequestType]) namespace.add(type);

const toPlain = { defaults: true, arrays: true, objects: true } as const;
const pack = (type: protobuf.Type, value: object) => ({
  type_url: `type.googleapis.com/google.rpc.${type.name}`,
  value: type.encode(type.fromObject({ ...value })).finish(),
});

/** The trailer's bytes; the domain of the ErrorInfo is `stepwire`. */
export function encodeStatusDetails(details: ErrorDetails): Uint8Array {
  const { code, message, reason, metadata, violations } = details;
  const packed = [pack(errorInfoType, { reason, domain: "stepwire", metadata })];
  if (violations.length > 0) packed.push(pack(badRequestType, { field_violations: violations }));
  return statusType.encode(statusType.fromObject({ code, message, details: packed })).finish();
}

/** Reads the trailer's bytes, details of other kinds left out; `undefined` when they are no google.rpc.Status. */
export function decodeStatusDetails(bytes: Uint8Array): ErrorDetails | undefined {
  try {
    const status = statusType.toObject(statusType.decode(bytes), toPlain) as {
      code: number;
      message: string;
      details: { type_url: string; value: Uint8Array }[];
    };
    const decoded: ErrorDetails = { code: status.code, message: status.message, reason: "", metadata: {}, violations: [] };
    for (const { type_url: url, value } of status.details) {
      if (url.endsWith("/google.rpc.ErrorInfo")) {
        const info = errorInfoType.toObject(errorInfoType.decode(value), toPlain) as Pick<ErrorDetails, "reason" | "metadata">;
        decoded.reason = info.reason;
        decoded.metadata = info.metadata;
      } else if (url.endsWith("/google.rpc.BadRequest")) {
        const request = badRequestType.toObject(badRequestType.decode(value), toPlain) as { field_violations: FieldViolation[] };
        decoded.violations = request.field_violations;
      }
    }
    return decoded;
  } catch {
    return undefined;
  }
}
