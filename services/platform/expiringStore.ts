import { jetstream, jetstreamManager, StorageType } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import { nanos, type NatsConnection } from "@nats-io/transport-node";
import { isRecordName, recordKey, writeIf } from "./keyValue.js";
import { decodeRecord, encodeRecord } from "./recordJson.js";
import { RecordExists } from "./recordStore.js";

/** Records that are written once, read by their id only and forgotten after a while. None is held in memory. */
export interface ExpiringStore<T extends { id: string }> {
  /** @throws RecordExists */
  create(tenant: string, record: T): Promise<void>;
  get(tenant: string, id: string): Promise<T | undefined>;
}

/** Opens a bucket, made when it is not there, whose records live for `ttlMs`. */
export async function openExpiringStore<T extends { id: string }>(
  connection: NatsConnection,
  bucket: string,
  ttlMs: number,
): Promise<ExpiringStore<T>> {
  const kv = await new Kvm(jetstream(connection)).create(bucket, {
    storage: StorageType.File,
    history: 1,
    allow_direct: false,
    ttl: ttlMs,
  });
  const { config } = (await kv.status()).streamInfo;
  // One that was there keeps the time that it was made with.
  if (config.max_age !== nanos(ttlMs)) await (await jetstreamManager(connection)).streams.update(config.name, { max_age: nanos(ttlMs) });
  return {
    create: async (tenant, record) => {
      const stored = await writeIf(kv, recordKey(tenant, record.id), encodeRecord(record), 0);
      if (stored === undefined) throw new RecordExists(`There is a record "${record.id}".`);
    },
    get: async (tenant, id) => {
      if (!isRecordName(tenant) || !isRecordName(id)) return undefined;
      const entry = await kv.get(recordKey(tenant, id));
      return entry?.operation === "PUT" ? decodeRecord<T>(entry.string()) : undefined;
    },
  };
}
