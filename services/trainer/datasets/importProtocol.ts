import type { TableFile } from "#core/datasets/parseTable.js";
import type { DatasetColumns } from "#core/datasets/datasetColumns.js";
import type { DatasetSplitRecord } from "#core/datasets/datasetRecord.js";
import type { Fault } from "#core/fault.js";

/** A file that came. */
export interface UploadedFile {
  split: string;
  format: TableFile["format"];
  filename: string;
  path: string;
}

/** What the process that checks an upload is given. */
export interface ImportInput {
  files: UploadedFile[];
  columns: DatasetColumns;
  /** Where the checked files go. */
  folder: string;
  /** The folder of the model whose tokenizer counts tokens. */
  tokenizerFolder: string;
}

/** A split that was found without fault, with its files. */
export interface CheckedSplit extends DatasetSplitRecord {
  /** Canonical rows (`encodeExamples`). */
  rowsFile: string;
  /** Groups and labels of the rows (`groupFile.ts`). */
  groupsFile: string;
}

/** A data set that was found without fault. */
export interface CheckedDataset {
  classes: string[];
  splits: CheckedSplit[];
  digest: string;
  warnings: string[];
}

/** What that process says. */
export type ImportMessage =
  | { type: "faults"; faults: Fault[] }
  | { type: "checked"; dataset: CheckedDataset }
  | { type: "failed"; code: string; message: string };
