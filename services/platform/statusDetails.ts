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

/** What `grpc-status-details-bin` carries. */
export interface StatusDetails {
  code: number;
  message: string;
  reason: string;
  metadata: Record<string, string>;
  violations: readonly FieldViolation[];
}

const { Field, MapField, Type } = protobuf;
const rpc = new protobuf.Root().define("stepwire.status");
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
for (const type of [anyType, statusType, errorInfoType, violationType, badRequestType]) rpc.add(type);

function pack(type: protobuf.Type, value: Record<string, unknown>): { type_url: string; value: Uint8Array } {
  return { type_url: `type.googleapis.com/google.rpc.${type.name}`, value: type.encode(type.fromObject(value)).finish() };
}

/** A google.rpc.Status with an ErrorInfo and, when there are violations, a BadRequest, in the protocol buffer wire format. */
export function encodeStatusDetails(details: StatusDetails): Uint8Array {
  const packed = [pack(errorInfoType, { reason: details.reason, domain: "stepwire", metadata: details.metadata })];
  if (details.violations.length > 0) packed.push(pack(badRequestType, { field_violations: details.violations }));
  return statusType.encode(statusType.fromObject({ code: details.code, message: details.message, details: packed })).finish();
}
