/**
 * What a data set may have at most. Records live in NATS, which takes messages of 1 MiB: with these limits the largest record, an
 * evaluation with its confusion matrix, takes about half of that (measured in `recordSizes.test.ts`). An import holds 32 bytes a row in
 * memory, so the rows are limited too.
 */
export const datasetLimits = {
  /** Files, one a split. */
  files: 16,
  /** Rows of all splits together. */
  rows: 3_000_000,
  classes: 256,
  /** Characters (Unicode code points) of a label's name. */
  labelCharacters: 100,
  /** Characters of a text. */
  textCharacters: 50_000,
  /** Characters of a column's name that a caller chooses. */
  columnNameCharacters: 200,
  /** Columns of a file. */
  columns: 4096,
  /** Bytes of one row of a text file, line breaks inside quotation marks included. */
  rowBytes: 4 * 1024 * 1024,
} as const;
