/** JSON has no NaN and no infinities, and a record's losses may be either: they are written as `{"$number": "NaN"}`. */
export function encodeRecord(record: object): string {
  return JSON.stringify(record, (_key, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? { $number: String(value) } : value,
  );
}

/** @throws SyntaxError when the text is not JSON. */
export function decodeRecord<T>(json: string): T {
  return JSON.parse(json, (_key, value: unknown) =>
    typeof value === "object" && value !== null && "$number" in value ? Number(value.$number) : value,
  ) as T;
}
