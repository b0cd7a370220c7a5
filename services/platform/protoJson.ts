import { fromProto3JSON, toProto3JSON } from "proto3-json-serializer";
import type protobuf from "protobufjs";
import { loadContract, loaderOptions } from "@stepwire/proto";

export { isoTime, timestamp } from "./timestamp.js";

const types = new Map<string, protobuf.Type>();

function lookup(typeName: string): protobuf.Type {
  const type = types.get(typeName) ?? loadContract().root.lookupType(typeName);
  types.set(typeName, type);
  return type;
}

/** The serializer leaves non-finite numbers inside maps and lists to JSON.stringify, which would write null. */
function nonFiniteAsText(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

/**
 * The proto3 JSON of a message in proto-loader's shape, with field names as in the .proto files.
 * @param typeName for example `stepwire.v1.MetricPoint`.
 */
export function toProtoJson(typeName: string, message: object): string {
  return JSON.stringify(toProto3JSON(lookup(typeName).fromObject({ ...message })), nonFiniteAsText);
}

/**
 * The message, in proto-loader's shape, of proto3 JSON. Fields that this version does not know are dropped.
 * @throws Error when the text is not JSON or a value does not suit its field.
 */
export function fromProtoJson(typeName: string, json: string): object {
  const type = lookup(typeName);
  const message = fromProto3JSON(type, JSON.parse(json));
  if (!message) throw new TypeError(`null is not a ${typeName}.`);
  return type.toObject(message, loaderOptions);
}
