import { RecordExists, type RecordStore, type StoredRecord } from "#platform/recordStore.js";

/** A store of records in memory, for tests of what asks one. */
export function storedRecords<T extends StoredRecord>(...records: T[]): RecordStore<T> {
  const found = new Map(records.map((record) => [record.id, record]));
  const get = async (_tenant: string, id: string) => {
    const record = found.get(id);
    return record && { record, revision: 1 };
  };
  return {
    get,
    create: async (_tenant, record) => {
      if (found.has(record.id)) throw new RecordExists();
      found.set(record.id, record);
      return 1;
    },
    update: async (_tenant, record) => {
      found.set(record.id, record);
      return 1;
    },
    change: async (_tenant, id, fn) => {
      const record = found.get(id);
      const changed = record && fn(record);
      if (changed) found.set(id, changed);
      return changed;
    },
    delete: async (_tenant, id) => void found.delete(id),
    list: async () => ({ records: [...found.values()], nextPageToken: "" }),
    find: (filter) => [...found.values()].filter(filter),
    watch: async function* (_tenant, id) {
      const record = found.get(id);
      if (record) yield record;
    },
    close: async () => undefined,
  };
}
