// Original file: stepwire/v1/catalog_service.proto

export const DatasetFormat = {
  DATASET_FORMAT_UNSPECIFIED: 'DATASET_FORMAT_UNSPECIFIED',
  DATASET_FORMAT_CSV: 'DATASET_FORMAT_CSV',
  /**
   * Tab-separated, no quoting.
   */
  DATASET_FORMAT_TSV: 'DATASET_FORMAT_TSV',
  DATASET_FORMAT_JSONL: 'DATASET_FORMAT_JSONL',
  DATASET_FORMAT_PARQUET: 'DATASET_FORMAT_PARQUET',
} as const;

export type DatasetFormatInput =
  | 'DATASET_FORMAT_UNSPECIFIED'
  | 0
  | 'DATASET_FORMAT_CSV'
  | 1
  /**
   * Tab-separated, no quoting.
   */
  | 'DATASET_FORMAT_TSV'
  | 2
  | 'DATASET_FORMAT_JSONL'
  | 3
  | 'DATASET_FORMAT_PARQUET'
  | 4

export type DatasetFormat = typeof DatasetFormat[keyof typeof DatasetFormat]
