/** A google.protobuf.Timestamp as proto-loader has it. */
export interface TimestampMessage {
  seconds: string;
  nanos: number;
}

/** What handlers are given: proto-loader's types allow unset parts and other number types. */
export interface TimestampInput {
  seconds?: number | string | { toString(): string };
  nanos?: number;
}

/** The Timestamp of an ISO 8601 time, for example `2026-01-31T12:00:00.123Z`. @throws RangeError when it is no time. */
export function timestamp(iso: string): TimestampMessage {
  const milliseconds = Date.parse(iso);
  if (Number.isNaN(milliseconds)) throw new RangeError(`"${iso}" is not an ISO 8601 time.`);
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds: String(seconds), nanos: (milliseconds - seconds * 1000) * 1_000_000 };
}

/** The ISO 8601 time in UTC, to the millisecond, of a Timestamp; `undefined` for none. */
export function isoTime(timestamp: TimestampInput | null | undefined): string | undefined {
  if (!timestamp) return undefined;
  return new Date(Number(String(timestamp.seconds ?? 0)) * 1000 + Math.floor((timestamp.nanos ?? 0) / 1_000_000)).toISOString();
}
