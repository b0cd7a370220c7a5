import { createHash, randomUUID } from "node:crypto";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import { groupsFile, splitFile } from "#core/datasets/splitFile.js";
import type { ArtifactStore } from "#platform/artifactStore.js";
import { isNatsAway } from "#platform/natsAway.js";
import { RecordExists, type RecordStore } from "#platform/recordStore.js";
import { alreadyExists } from "#platform/statusError.js";
import type { CheckedDataset } from "./importProtocol.js";

/**
 * Stores a checked data set: first its rows, whose files are moved, then the record that makes them visible.
 * The same content under the same id is the same data set, so importing twice is harmless.
 * @throws StatusError ALREADY_EXISTS when the id belongs to other content; the signal's reason when it is aborted before the record is there
 */
export async function storeDataset(
  stores: { datasets: RecordStore<DatasetRecord>; artifacts: ArtifactStore },
  request: { tenant: string; id: string; columns: DatasetRecord["columns"]; dataset: CheckedDataset; signal: AbortSignal },
): Promise<DatasetRecord> {
  const { datasets, artifacts } = stores;
  const { tenant, columns, dataset, signal } = request;
  const key = createHash("sha256")
    .update(JSON.stringify([dataset.digest, columns]))
    .digest("hex");
  const id = request.id || `dataset-${key.slice(0, 16)}`;
  const same = async (): Promise<DatasetRecord | undefined> => {
    const existing = (await datasets.get(tenant, id))?.record;
    if (existing && (existing.digest !== dataset.digest || JSON.stringify(existing.columns) !== JSON.stringify(columns)))
      throw alreadyExists("dataset", id, "header.dataset_id", "with other content or columns");
    return existing;
  };
  const existing = await same();
  if (existing) return existing;

  const uid = randomUUID();
  try {
    await artifacts.writeFolder(tenant, "datasets", uid, async (folder) => {
      for (const split of dataset.splits) {
        await rename(split.rowsFile, join(folder, splitFile(split.name)));
        await rename(split.groupsFile, join(folder, groupsFile(split.name)));
      }
    });
    const record: DatasetRecord = {
      id,
      uid,
      tenant,
      createTime: new Date().toISOString(),
      columns,
      classes: dataset.classes,
      splits: dataset.splits.map(({ rowsFile: _rows, groupsFile: _groups, ...split }) => split),
      digest: dataset.digest,
      warnings: dataset.warnings,
    };
    signal.throwIfAborted();
    await datasets.create(tenant, record);
    return record;
  } catch (error) {
    // A write whose answer did not come may have happened, or happen yet: a record must not lose its rows, rows without a record do no harm.
    if (!isNatsAway(error)) await artifacts.remove(tenant, "datasets", uid);
    const made = error instanceof RecordExists ? await same() : undefined;
    if (made) return made;
    throw error;
  }
}
