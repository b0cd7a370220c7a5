import type { Fault } from "../fault.js";
import { nearest } from "../nearest.js";
import { quote } from "../quote.js";
import { checkColumnChoice, checkSplitNames, chosenColumns } from "./checkChoice.js";
import { checkLabels, checkTargets } from "./checkLabels.js";
import { type DatasetColumns, datasetKind } from "./datasetColumns.js";
import { datasetLimits } from "./datasetLimits.js";
import { collectFaults, type FaultCollector } from "./faultCollector.js";
import { sortedClasses } from "./labelName.js";
import { readTable, type TableFile } from "./parseTable.js";
import { readRow } from "./readRow.js";
import { datasetDigest } from "./splitDigest.js";
import { overlapWarnings, type SplitSummary, summarizeSplit } from "./splitSummary.js";

/** A data set that was found without fault; its rows went to `keep`. */
export interface DatasetContent {
  /** A label's index is its class id. */
  classes: string[];
  /** Of classes the class id of each label number that `keep` was given. */
  classIds: number[];
  /** In the order of the files. */
  splits: {
    name: string;
    rows: number;
    /** Rows whose text stands in the split more than once. */
    duplicates: number;
    /** Rows of each class, in the order of `classes`. */
    classCounts: number[];
    /** SHA-256 (hex) over the canonical rows. */
    digest: string;
  }[];
  digest: string;
}

/** A checked row. */
export interface KeptRow {
  text: string;
  textPair?: string;
  /** Of classes the label's number, in the order in which labels first came: which class that is shows the last row. Otherwise as in `Example`. */
  label: number;
  /** Copies of a text (see `foldedText`) have the same number. */
  group: number;
}

/** Takes the checked rows of the file `files[split]`, in their order; not called any more once there is a fault. */
export type KeepRows = (split: number, rows: KeptRow[]) => Promise<void>;

/**
 * Reads the files of a data set, a few rows at a time, and checks every row.
 * @param input.maxRows of all files together
 * @returns the data set when there is no fault; otherwise the first hundred faults and how many more there are. Warnings tell of texts that
 *   stand in a split twice or in two splits: no reason to refuse, but worth knowing.
 */
export async function buildDataset(input: {
  files: readonly (TableFile & { split: string })[];
  columns: DatasetColumns;
  keep: KeepRows;
  maxRows?: number;
}): Promise<{ dataset?: DatasetContent; faults: Fault[]; warnings: string[] }> {
  const { files, columns, maxRows = datasetLimits.rows } = input;
  const faults = collectFaults();
  checkColumnChoice(columns, faults);
  checkSplitNames(files, faults);
  const labels = new Map<string, number>();
  const targets = { least: Infinity, greatest: -Infinity };
  const limits = { maxRows, rowsLeft: maxRows };
  const splits: SplitSummary[] = [];
  for (const [index, file] of files.entries()) {
    if (limits.rowsLeft < 0) break;
    splits.push(await readSplit({ ...input, file, index, earlier: splits, labels, targets, limits, faults }));
  }
  // Labels of rows that could not be read are unknown, so claims about all labels wait until every row is right.
  const kind = datasetKind(columns);
  if (faults.count() === 0 && kind === "classes") checkLabels(splits, [...labels.keys()], columns.label ?? "", faults);
  if (faults.count() === 0 && kind === "numbers") checkTargets(targets, columns.target ?? "", faults);
  if (faults.count() > 0) return { faults: faults.list(), warnings: [] };

  const classes = sortedClasses(labels.keys());
  const classIds = [...labels.keys()].map((name) => classes.indexOf(name));
  const content = splits.map((split) => {
    const classCounts = classes.map((name) => split.labelRows.get(labels.get(name) ?? -1) ?? 0);
    return { name: split.name, rows: split.rows, duplicates: split.duplicates, classCounts, digest: split.digest() };
  });
  return {
    dataset: { classes, classIds, splits: content, digest: datasetDigest(classes, content) },
    faults: [],
    warnings: overlapWarnings(splits),
  };
}

interface SplitInput {
  file: TableFile & { split: string };
  index: number;
  columns: DatasetColumns;
  keep: KeepRows;
  earlier: readonly SplitSummary[];
  /** Numbers of the labels that came so far. */
  labels: Map<string, number>;
  /** Of the numbers that came so far. */
  targets: { least: number; greatest: number };
  /** Rows that may come in all, and that may still come. */
  limits: { readonly maxRows: number; rowsLeft: number };
  faults: FaultCollector;
}

async function readSplit(input: SplitInput): Promise<SplitSummary> {
  const { file, index, columns, keep, earlier, labels, targets, limits, faults } = input;
  const field = `files[${index}]`;
  const before = faults.count();
  const summary = summarizeSplit(file.split, earlier);
  const wanted = chosenColumns(columns).map(({ name }) => name);
  const table = readTable(file, field, faults, wanted);
  // In a file without a wanted column every row would be at fault: those are not worth telling.
  const rowFaults = collectFaults();
  let isEmpty = true;
  for await (const rows of table.rows) {
    isEmpty = false;
    limits.rowsLeft -= rows.length;
    if (limits.rowsLeft < 0) {
      faults.add("files", "TOO_MANY_ROWS", `there are more than ${limits.maxRows} rows in all, the most a data set may have`);
      break;
    }
    const kept: KeptRow[] = [];
    for (const row of rows) {
      const read = readRow(row, { columns, filename: file.filename, field, faults: rowFaults });
      const label = typeof read?.label === "string" ? labelNumber(read.label, columns.label ?? "", labels, faults) : read?.label;
      if (!read || label === undefined || faults.count() + rowFaults.count() > 0) continue;
      const isClass = typeof read.label === "string";
      if (!isClass) Object.assign(targets, { least: Math.min(targets.least, label), greatest: Math.max(targets.greatest, label) });
      kept.push({ ...read, label, group: summary.add(read, isClass ? label : 0) });
    }
    if (kept.length > 0 && faults.count() + rowFaults.count() === 0) await keep(index, kept);
  }
  // A file that could not be read at all has no columns, and its own fault.
  const complete = table.columns.size === 0 && faults.count() > before ? false : hasColumns(table.columns, file, columns, faults);
  if (complete) faults.addAll(rowFaults);
  if (complete && isEmpty && faults.count() === before)
    faults.add(field, "EMPTY_SPLIT", `${quote(file.filename)} has no rows, so the split ${quote(file.split)} is empty`);
  return summary;
}

/** The number of a label; undefined for one class too many, which is a fault once. */
function labelNumber(name: string, column: string, labels: Map<string, number>, faults: FaultCollector): number | undefined {
  const known = labels.get(name);
  if (known !== undefined) return known;
  if (labels.size > datasetLimits.classes) return undefined;
  // A part of a line keeps the whole piece of the file in memory: a copy does not.
  labels.set(Buffer.from(name, "utf8").toString("utf8"), labels.size);
  if (labels.size <= datasetLimits.classes) return labels.size - 1;
  faults.add(
    "header.columns.label",
    "TOO_MANY_CLASSES",
    `${quote(column)} names more than ${datasetLimits.classes} classes, the most a data set may have; ${quote(name)} is one too many. Is it the column of the labels?`,
  );
  return undefined;
}

function hasColumns(present: ReadonlySet<string>, file: TableFile, columns: DatasetColumns, faults: FaultCollector): boolean {
  const missing = chosenColumns(columns).filter(({ name }) => name !== "" && !present.has(name));
  const names = [...present];
  for (const { field, name } of missing) {
    const meant = nearest(name, names);
    const shown = names.slice(0, 20).map(quote).join(", ");
    const more = names.length > 20 ? ` and ${names.length - 20} more` : "";
    const hint = meant === undefined ? "" : `; did you mean ${quote(meant)}?`;
    faults.add(field, "MISSING_COLUMN", `${quote(file.filename)} has no column ${quote(name)}; it has ${shown}${more}${hint}`);
  }
  return missing.length === 0;
}
