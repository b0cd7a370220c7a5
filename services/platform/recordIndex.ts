import { status } from "@grpc/grpc-js";
import { StatusError } from "./statusError.js";
import { quoteToken } from "./quoteToken.js";

/** What a stored record must have. */
export interface StoredRecord {
  id: string;
  /** ISO 8601 in UTC. */
  createTime: string;
}

/** One page of a list. */
export interface RecordPage<T> {
  records: T[];
  /** Empty on the last page. */
  nextPageToken: string;
}

/** How a list is cut. */
export interface ListOptions<T> {
  filter?: (record: T) => boolean;
  pageSize: number;
  pageToken?: string;
}

/** All records of a bucket in memory. Changes may come late, twice or out of order: the revision decides. */
export interface RecordIndex<T> {
  /** True when this is news. */
  put(tenant: string, record: T, revision: number): boolean;
  /** True when this is news; `revision` is the last one of the record that is gone or of the mark that it is gone. */
  remove(tenant: string, id: string, revision: number): boolean;
  /** Newest first. @throws StatusError INVALID_ARGUMENT when the page token is not one of ours. */
  list(tenant: string, options: ListOptions<T>): RecordPage<T>;
  /** Of every tenant, in no order. */
  find(filter: (record: T) => boolean): T[];
}

interface Entry<T> {
  /** None: it was removed. Kept so that late news of it does not bring it back. */
  record?: T;
  revision: number;
}

export function createRecordIndex<T extends StoredRecord>(): RecordIndex<T> {
  const tenants = new Map<string, Map<string, Entry<T>>>();
  const sorted = new Map<string, T[]>();

  const apply = (tenant: string, id: string, entry: Entry<T>, minimum: number): boolean => {
    const entries = tenants.get(tenant) ?? new Map<string, Entry<T>>();
    tenants.set(tenant, entries);
    if ((entries.get(id)?.revision ?? 0) >= minimum) return false;
    const existed = entries.get(id)?.record !== undefined;
    entries.set(id, entry);
    sorted.delete(tenant);
    return entry.record !== undefined || existed;
  };

  const newestFirst = (tenant: string): T[] => {
    const known = sorted.get(tenant);
    if (known) return known;
    const records = [...(tenants.get(tenant)?.values() ?? [])].flatMap(({ record }) => (record ? [record] : []));
    records.sort((left, right) => compare(position(left), position(right)));
    sorted.set(tenant, records);
    return records;
  };

  return {
    put: (tenant, record, revision) => apply(tenant, record.id, { record, revision }, revision),
    remove: (tenant, id, revision) => apply(tenant, id, { revision }, revision + 1),
    find: (filter) =>
      [...tenants.values()].flatMap((entries) =>
        [...entries.values()].flatMap(({ record }) => (record !== undefined && filter(record) ? [record] : [])),
      ),
    list: (tenant, { filter, pageSize, pageToken }) => {
      const after = pageToken ? readToken(pageToken) : undefined;
      const records: T[] = [];
      for (const record of newestFirst(tenant)) {
        if (after && compare(after, position(record)) >= 0) continue;
        if (filter && !filter(record)) continue;
        if (records.length === pageSize) return { records, nextPageToken: writeToken(records.at(-1)) };
        records.push(record);
      }
      return { records, nextPageToken: "" };
    },
  };
}

type Position = readonly [createTime: string, id: string];

function position(record: StoredRecord): Position {
  return [record.createTime, record.id];
}

/** Negative when `left` stands before `right`: later times first, then later ids. */
function compare(left: Position, right: Position): number {
  if (left[0] !== right[0]) return left[0] > right[0] ? -1 : 1;
  if (left[1] !== right[1]) return left[1] > right[1] ? -1 : 1;
  return 0;
}

function writeToken(record: StoredRecord | undefined): string {
  return record ? Buffer.from(JSON.stringify(position(record))).toString("base64url") : "";
}

function readToken(token: string): Position {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    if (Array.isArray(parsed) && parsed.length === 2 && typeof parsed[0] === "string" && typeof parsed[1] === "string")
      return [parsed[0], parsed[1]];
  } catch {
    // Falls through: whatever it is, it is not a token.
  }
  const description = `${quoteToken(token)} is not a page token; pass next_page_token of an earlier answer as it is, or nothing for the first page.`;
  throw new StatusError(status.INVALID_ARGUMENT, "INVALID_PAGE_TOKEN", description, {
    violations: [{ field: "page_token", reason: "INVALID_PAGE_TOKEN", description }],
  });
}
