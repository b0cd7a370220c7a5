import type { Fault } from "../fault.js";
import { nearest } from "../nearest.js";
import { checkLabels } from "./checkLabels.js";
import type { Example } from "./example.js";
import { collectFaults, excerpt, type FaultCollector } from "./faultCollector.js";
import { sortedClasses } from "./labelName.js";
import { overlapWarnings, repeatedRows } from "./overlap.js";
import { type Table, type TableFile, readTable } from "./parseTable.js";
import { type DatasetColumns, type LabelledText, readRow } from "./readRow.js";
import { datasetDigest, splitDigest } from "./splitDigest.js";

/** A data set that was found without fault. */
export interface DatasetContent {
  /** A label's index is its class id. */
  classes: string[];
  /** In the order of the files. */
  splits: {
    name: string;
    examples: Example[];
    /** Rows whose text stands in the split more than once. */
    duplicates: number;
    /** Rows of each class, in the order of `classes`. */
    classCounts: number[];
    /** SHA-256 (hex) over the canonical rows. */
    digest: string;
  }[];
  digest: string;
}

/**
 * Reads the files of a data set and checks every row.
 * @returns the data set when there is no fault; otherwise the first hundred faults and how many more there are. Warnings tell of texts that
 *   stand in a split twice or in two splits: no reason to refuse, but worth knowing.
 */
export async function buildDataset(input: {
  files: readonly (TableFile & { split: string })[];
  columns: DatasetColumns;
}): Promise<{ dataset?: DatasetContent; faults: Fault[]; warnings: string[] }> {
  const { files, columns } = input;
  const faults = collectFaults();
  checkColumnChoice(columns, faults);
  checkSplitNames(files, faults);
  const wanted = wantedColumns(columns).map(({ name }) => name);
  const splits: { name: string; rows: LabelledText[] }[] = [];
  for (const [index, file] of files.entries()) {
    const field = `files[${index}]`;
    const before = faults.count();
    const table = await readTable(file, field, faults, wanted);
    const complete = (table.columns.length > 0 || faults.count() === before) && hasColumns(table, file, field, columns, faults);
    if (complete && table.rows.length === 0 && faults.count() === before)
      faults.add(field, "EMPTY_SPLIT", `"${file.filename}" has no rows, so the split "${file.split}" is empty`);
    const rows = complete ? table.rows.flatMap((row) => readRow(row, { columns, filename: file.filename, field, faults }) ?? []) : [];
    splits.push({ name: file.split, rows });
  }
  // Labels of rows that could not be read are unknown, so claims about all labels wait until every row is right.
  if (faults.count() === 0) checkLabels(splits, columns.label, faults);
  if (faults.count() > 0) return { faults: faults.list(), warnings: [] };

  const classes = sortedClasses(new Set(splits.flatMap(({ rows }) => rows.map(({ label }) => label))));
  const ids = new Map(classes.map((name, id) => [name, id]));
  const content = splits.map(({ name, rows }) => {
    const examples = rows.map(({ label, ...texts }): Example => ({ ...texts, label: ids.get(label) as number }));
    const classCounts = classes.map(() => 0);
    for (const { label } of examples) classCounts[label] = (classCounts[label] ?? 0) + 1;
    return { name, examples, duplicates: repeatedRows(examples), classCounts, digest: splitDigest(examples, classes) };
  });
  return { dataset: { classes, splits: content, digest: datasetDigest(classes, content) }, faults: [], warnings: overlapWarnings(content) };
}

function wantedColumns({ text, textPair, label }: DatasetColumns): { field: string; name: string }[] {
  return [
    { field: "columns.text", name: text },
    ...(textPair === undefined ? [] : [{ field: "columns.text_pair", name: textPair }]),
    { field: "columns.label", name: label },
  ];
}

function checkColumnChoice(columns: DatasetColumns, faults: FaultCollector): void {
  const chosen = wantedColumns(columns);
  for (const [index, { field, name }] of chosen.entries()) {
    const earlier = chosen.slice(0, index).find((other) => other.name === name);
    if (earlier) faults.add(field, "CONFLICT", `${excerpt(name)} is ${earlier.field} already; each needs its own column`);
  }
}

function checkSplitNames(files: readonly { split: string }[], faults: FaultCollector): void {
  if (files.length === 0) faults.add("files", "REQUIRED", "there is no file; give one a split");
  for (const [index, { split }] of files.entries()) {
    const field = `files[${index}].split`;
    if (!/^[a-z][a-z0-9_-]{0,62}$/.test(split))
      faults.add(
        field,
        "INVALID_NAME",
        `${excerpt(split)} is not a split name; allowed: 1 to 63 of a-z, 0-9, "_" and "-", beginning with a letter`,
      );
    const earlier = files.findIndex((other) => other.split === split);
    if (earlier < index)
      faults.add(field, "DUPLICATE_SPLIT", `${excerpt(split)} is the split of files[${earlier}] already; each split is one file`);
  }
}

function hasColumns(table: Table, file: TableFile, field: string, columns: DatasetColumns, faults: FaultCollector): boolean {
  const missing = wantedColumns(columns).filter(({ name }) => !table.columns.includes(name));
  for (const { field: column, name } of missing) {
    const meant = nearest(name, table.columns);
    const present = table.columns
      .slice(0, 20)
      .map((other) => JSON.stringify(other))
      .join(", ");
    const more = table.columns.length > 20 ? ` and ${table.columns.length - 20} more` : "";
    const hint = meant === undefined ? "" : `; did you mean ${JSON.stringify(meant)}?`;
    faults.add(
      `${field}.${column}`,
      "MISSING_COLUMN",
      `"${file.filename}" has no column ${excerpt(name)}; it has ${present}${more}${hint}`,
    );
  }
  return missing.length === 0;
}
