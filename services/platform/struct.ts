/** A google.protobuf.Struct as proto-loader has it. */
export interface StructMessage {
  fields?: Record<string, ValueMessage>;
}

/** A google.protobuf.Value as proto-loader has it; `kind` names the field that is set. */
export interface ValueMessage {
  nullValue?: "NULL_VALUE" | 0;
  numberValue?: number | string;
  stringValue?: string;
  boolValue?: boolean;
  structValue?: StructMessage | null;
  listValue?: { values?: ValueMessage[] } | null;
  kind?: "nullValue" | "numberValue" | "stringValue" | "boolValue" | "structValue" | "listValue";
}

/** A plain object for a Struct; none for none. */
export function structToObject(struct: StructMessage | null | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(struct?.fields ?? {}).map(([name, value]) => [name, fromValue(value)]));
}

/** The Struct of a plain object. Properties that are `undefined` are left out. */
export function objectToStruct(object: Readonly<Record<string, unknown>>): { fields: Record<string, ValueMessage> } {
  const present = Object.entries(object).filter(([, value]) => value !== undefined);
  return { fields: Object.fromEntries(present.map(([name, value]) => [name, toValue(value)])) };
}

/** The plain value of a google.protobuf.Value. */
function fromValue(value: ValueMessage): unknown {
  if (value.numberValue !== undefined) return Number(value.numberValue);
  if (value.stringValue !== undefined) return value.stringValue;
  if (value.boolValue !== undefined) return value.boolValue;
  if (value.structValue) return structToObject(value.structValue);
  if (value.listValue) return (value.listValue.values ?? []).map(fromValue);
  return null;
}

/** The google.protobuf.Value of a plain value. @throws TypeError for what JSON cannot carry. */
export function toValue(value: unknown): ValueMessage {
  if (value === null) return { nullValue: "NULL_VALUE" };
  if (typeof value === "number") return { numberValue: value };
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(toValue) } };
  if (typeof value === "object") return { structValue: objectToStruct({ ...value }) };
  throw new TypeError(`A Struct cannot hold ${typeof value} values.`);
}
