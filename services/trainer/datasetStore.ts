import { createHash, randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { buildDataset } from "#core/datasets/buildDataset.js";
import type { DatasetRecord } from "#core/datasets/datasetRecord.js";
import { decodeExamples, encodeExamples } from "#core/datasets/encodeExamples.js";
import type { Example } from "#core/datasets/example.js";
import { splitFile } from "#core/datasets/splitFile.js";
import { lengthHistogram } from "#core/datasets/lengthHistogram.js";
import type { ArtifactStore } from "#platform/artifactStore.js";
import { RecordExists, type RecordStore } from "#platform/recordStore.js";

type DatasetContent = NonNullable<Awaited<ReturnType<typeof buildDataset>>["dataset"]>;

/**
 * Stores a validated data set: first its rows, then the record that makes them visible.
 * The same content under the same id is the same data set, so importing twice is harmless.
 * @throws RecordExists when the id belongs to other content
 */
export async function storeDataset(
  stores: { records: RecordStore<DatasetRecord>; artifacts: ArtifactStore },
  request: {
    tenant: string;
    id: string;
    columns: DatasetRecord["columns"];
    content: DatasetContent;
    warnings: string[];
    countTokens?: (example: Example) => number;
    now: string;
  },
): Promise<DatasetRecord> {
  const { records, artifacts } = stores;
  const { tenant, content, countTokens } = request;
  const key = createHash("sha256")
    .update(JSON.stringify([content.digest, request.columns]))
    .digest("hex");
  const id = request.id || `dataset-${key.slice(0, 16)}`;
  const same = async () => {
    const existing = (await records.get(tenant, id))?.record;
    return existing && existing.digest === content.digest && JSON.stringify(existing.columns) === JSON.stringify(request.columns)
      ? existing
      : undefined;
  };
  if (await records.get(tenant, id)) {
    const existing = await same();
    if (existing) return existing;
    throw new RecordExists(id);
  }
  const uid = randomUUID();
  await artifacts.writeFolder(tenant, "datasets", uid, async (folder) => {
    for (const split of content.splits) await writeFile(join(folder, splitFile(split.name)), encodeExamples(split.examples));
  });
  const record: DatasetRecord = {
    id,
    uid,
    tenant,
    createTime: request.now,
    columns: request.columns,
    classes: content.classes,
    splits: content.splits.map((split) => ({
      name: split.name,
      rows: split.examples.length,
      classCounts: split.classCounts,
      tokenLengths: countTokens ? lengthHistogram(split.examples.map(countTokens)) : [],
      digest: split.digest,
      duplicates: split.duplicates,
    })),
    digest: content.digest,
    warnings: request.warnings,
  };
  try {
    await records.create(tenant, record);
    return record;
  } catch (error) {
    await artifacts.remove(tenant, "datasets", uid);
    const existing = error instanceof RecordExists ? await same() : undefined;
    if (existing) return existing;
    throw error;
  }
}

/** Reads one split of a stored data set. */
export async function readSplit(artifacts: ArtifactStore, dataset: { tenant: string; uid: string }, name: string): Promise<Example[]> {
  return decodeExamples(await artifacts.readFile(dataset.tenant, "datasets", dataset.uid, splitFile(name)));
}
