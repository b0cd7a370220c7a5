import { jetstream, StorageType } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/transport-node";
import { follow, isConflict, isRecordName, recordKey, writeIf } from "./keyValue.js";
import { createMailbox } from "./mailbox.js";
import { decodeRecord, encodeRecord } from "./recordJson.js";
import { createRecordIndex, type ListOptions, type RecordPage, type StoredRecord } from "./recordIndex.js";

export type { ListOptions, RecordPage, StoredRecord } from "./recordIndex.js";

/** There is a record of this id. */
export class RecordExists extends Error {
  override readonly name = "RecordExists";
}

/** Someone else changed the record since it was read. */
export class RevisionConflict extends Error {
  override readonly name = "RevisionConflict";
}

/** Durable records of one type, in a JetStream key-value bucket. A write has settled only once it is stored. */
export interface RecordStore<T extends StoredRecord> {
  /** Returns the revision. @throws RecordExists */
  create(tenant: string, record: T): Promise<number>;
  get(tenant: string, id: string): Promise<{ record: T; revision: number } | undefined>;
  /** Writes only if `revision` is still the record's last; returns the new one. @throws RevisionConflict */
  update(tenant: string, record: T, revision: number): Promise<number>;
  /** Reads, applies `fn` and writes, again until nobody came between. `fn` may run several times; `undefined` changes nothing. Returns what
   * was written; `undefined` when nothing was or there is no such record. */
  change(tenant: string, id: string, fn: (record: T) => T | undefined): Promise<T | undefined>;
  /** With `revision`: only if it is still the last. @throws RevisionConflict */
  delete(tenant: string, id: string, revision?: number): Promise<void>;
  /** Newest first, from memory: this process's writes at once, other processes' within moments. */
  list(tenant: string, options: ListOptions<T>): Promise<RecordPage<T>>;
  /** The records of every tenant that `filter` likes, from memory, in no order. */
  find(filter: (record: T) => boolean): T[];
  /** The record now, then after each change, until it is deleted or `signal` is aborted. A slow reader may miss states between. */
  watch(tenant: string, id: string, signal: AbortSignal): AsyncIterable<T>;
  close(): Promise<void>;
}

/** News of one record; without `record` it was deleted. */
interface Change<T> {
  tenant: string;
  id: string;
  record?: T;
  revision: number;
}

/** Opens a bucket, made when it is not there, and waits until the index holds every record. */
export async function openRecordStore<T extends StoredRecord>(connection: NatsConnection, bucket: string): Promise<RecordStore<T>> {
  const kv = await new Kvm(jetstream(connection)).create(bucket, {
    storage: StorageType.File,
    history: 1,
    // Direct reads may answer from a replica that lags: compare-and-set would be right, read-your-writes would not.
    allow_direct: false,
  });
  const index = createRecordIndex<T>();
  const listeners = new Set<(change: Change<T>) => void>();
  const tell = (change: Change<T>) => listeners.forEach((listener) => listener(change));
  const written = (tenant: string, record: T, revision: number) => {
    if (index.put(tenant, record, revision)) tell({ tenant, id: record.id, record, revision });
    return revision;
  };
  const removed = (tenant: string, id: string, revision: number) => {
    if (index.remove(tenant, id, revision)) tell({ tenant, id, revision: revision + 1 });
  };
  const stopFollowing = await follow(kv, (entry) => {
    const [tenant = "", id = ""] = entry.key.split(".");
    if (entry.operation === "PUT") written(tenant, decodeRecord<T>(entry.string()), entry.revision);
    else removed(tenant, id, entry.revision);
  });

  const get: RecordStore<T>["get"] = async (tenant, id) => {
    // What cannot be a key is nothing that was ever stored.
    if (!isRecordName(tenant) || !isRecordName(id)) return undefined;
    const entry = await kv.get(recordKey(tenant, id));
    if (entry?.operation !== "PUT") return undefined;
    const record = decodeRecord<T>(entry.string());
    written(tenant, record, entry.revision);
    return { record, revision: entry.revision };
  };

  const update: RecordStore<T>["update"] = async (tenant, record, revision) => {
    const stored = await writeIf(kv, recordKey(tenant, record.id), encodeRecord(record), revision);
    if (stored === undefined) throw new RevisionConflict(`"${record.id}" was changed since revision ${revision}.`);
    return written(tenant, record, stored);
  };

  return {
    get,
    update,
    create: async (tenant, record) => {
      const stored = await writeIf(kv, recordKey(tenant, record.id), encodeRecord(record), 0);
      if (stored === undefined) throw new RecordExists(`There is a record "${record.id}".`);
      return written(tenant, record, stored);
    },
    change: async (tenant, id, fn) => {
      for (;;) {
        const found = await get(tenant, id);
        const changed = found && fn(found.record);
        if (!found || !changed) return undefined;
        try {
          await update(tenant, changed, found.revision);
          return changed;
        } catch (error) {
          if (!(error instanceof RevisionConflict)) throw error;
        }
      }
    },
    delete: async (tenant, id, revision) => {
      const last = revision ?? (await get(tenant, id))?.revision;
      if (last === undefined) return;
      try {
        await kv.delete(recordKey(tenant, id), revision === undefined ? {} : { previousSeq: revision });
      } catch (error) {
        if (isConflict(error)) throw new RevisionConflict(`"${id}" was changed since revision ${revision}.`, { cause: error });
        throw error;
      }
      removed(tenant, id, last);
    },
    list: (tenant, options) => Promise.resolve().then(() => index.list(tenant, options)),
    find: (filter) => index.find(filter),
    watch: async function* (tenant, id, signal) {
      const changes = createMailbox<Change<T>>(64);
      const listener = (change: Change<T>) => {
        if (change.tenant === tenant && change.id === id) changes.put(change);
      };
      listeners.add(listener);
      try {
        const current = await get(tenant, id);
        if (!current) return;
        yield current.record;
        for await (const { record, revision } of changes.take(signal)) {
          // News of what was just read may come after it.
          if (revision <= current.revision) continue;
          if (!record) return;
          yield record;
        }
      } finally {
        listeners.delete(listener);
      }
    },
    close: async () => {
      listeners.clear();
      await stopFollowing();
    },
  };
}
