import type { DatasetRecord } from "#core/datasets/datasetRecord.js";

/** A data set of two classes with these splits, by name the rows of each class. */
export function sampleDataset(id: string, splits: Readonly<Record<string, number[]>>): DatasetRecord {
  return {
    ...{ id, uid: `uid of ${id}`, tenant: "default", createTime: "2026-01-01T00:00:00.000Z", digest: "d", warnings: [] },
    columns: { text: "text", label: "label" },
    classes: ["bad", "good"],
    splits: Object.entries(splits).map(([name, classCounts]) => ({
      ...{ name, classCounts, digest: `digest of ${name}`, tokenLengths: [], duplicates: 0 },
      rows: classCounts.reduce((sum, count) => sum + count, 0),
    })),
  };
}
