import type { DatasetColumns } from "./datasetColumns.js";

/** One split of a stored data set. */
export interface DatasetSplitRecord {
  name: string;
  rows: number;
  /** Rows of each class, in the order of the data set's classes. */
  classCounts: number[];
  /** Token counts with the default model's tokenizer; empty when the server has no default model. */
  tokenLengths: { atMost: number; rows: number }[];
  /** SHA-256 (hex) over the canonical rows. */
  digest: string;
  /** Rows whose text stands in the split more than once. */
  duplicates: number;
}

/** The durable record of a data set; its rows are canonical JSON Lines in the artifact store. */
export interface DatasetRecord {
  id: string;
  uid: string;
  tenant: string;
  /** ISO 8601 in UTC. */
  createTime: string;
  columns: DatasetColumns;
  /** A label's index is its class id; empty: the rows have numbers or completions. */
  classes: string[];
  splits: DatasetSplitRecord[];
  digest: string;
  /** Sentences for a person. */
  warnings: string[];
}
