import { countCharacters, quote } from "../quote.js";
import { datasetLimits } from "./datasetLimits.js";
import type { FaultCollector } from "./faultCollector.js";
import type { DatasetColumns } from "./readRow.js";

/** The columns that are read, each with the request's field that chose it. */
export function chosenColumns({ text, textPair, label }: DatasetColumns): { field: string; name: string }[] {
  return [
    { field: "header.columns.text", name: text },
    ...(textPair === undefined ? [] : [{ field: "header.columns.text_pair", name: textPair }]),
    { field: "header.columns.label", name: label },
  ];
}

/** Checks the names of the columns that a caller chose. */
export function checkColumnChoice(columns: DatasetColumns, faults: FaultCollector): void {
  const chosen = chosenColumns(columns);
  const most = datasetLimits.columnNameCharacters;
  for (const [index, { field, name }] of chosen.entries()) {
    const earlier = chosen.slice(0, index).find((other) => other.name === name);
    if (name === "") faults.add(field, "REQUIRED", "is empty; name a column");
    else if (name.length > most && countCharacters(name) > most)
      faults.add(field, "TOO_LONG", `${quote(name)} is no name of a column; allowed: at most ${most} characters`);
    else if (earlier) faults.add(field, "CONFLICT", `${quote(name)} is ${earlier.field} already; each needs its own column`);
  }
}

/** Checks the number of the files and their splits' names. */
export function checkSplitNames(files: readonly { split: string }[], faults: FaultCollector): void {
  if (files.length === 0) faults.add("files", "REQUIRED", "there is no file; give one a split");
  if (files.length > datasetLimits.files)
    faults.add("files", "TOO_MANY_FILES", `there are ${files.length} files; allowed: at most ${datasetLimits.files}, one a split`);
  for (const [index, { split }] of files.entries()) {
    const field = `files[${index}].split`;
    if (!/^[a-z][a-z0-9_-]{0,62}$/.test(split))
      faults.add(
        field,
        "INVALID_NAME",
        `${quote(split)} is not a split name; allowed: 1 to 63 of a-z, 0-9, "_" and "-", beginning with a letter`,
      );
    const earlier = files.findIndex((other) => other.split === split);
    if (earlier < index)
      faults.add(field, "DUPLICATE_SPLIT", `${quote(split)} is the split of files[${earlier}] already; each split is one file`);
  }
}
