import { countCharacters, quote } from "../quote.js";
import { datasetLimits } from "./datasetLimits.js";
import type { FaultCollector } from "./faultCollector.js";
import { type DatasetColumns, datasetKind } from "./datasetColumns.js";

/** The columns that are read, each with the request's field that chose it. */
export function chosenColumns(columns: DatasetColumns): { field: string; name: string }[] {
  const { text = "", textPair, label = "", target = "", prompt, completion = "" } = columns;
  const at = (field: string, name: string | undefined) => (name === undefined ? [] : [{ field: `header.columns.${field}`, name }]);
  const texts = [...at("text", text), ...at("text_pair", textPair)];
  switch (datasetKind(columns)) {
    case "completions":
      return [...at("prompt", prompt), ...at("completion", completion)];
    case "numbers":
      return [...texts, ...at("target", target)];
    default:
      return [...texts, ...at("label", label)];
  }
}

/** Checks the names of the columns that a caller chose, and that they make one kind of data set. */
export function checkColumnChoice(columns: DatasetColumns, faults: FaultCollector): void {
  const chosen = chosenColumns(columns);
  const fields: Record<string, string | undefined> = {
    text: columns.text,
    text_pair: columns.textPair,
    label: columns.label,
    target: columns.target,
  };
  for (const [name, column] of Object.entries(fields)) {
    const field = `header.columns.${name}`;
    if (column === undefined || chosen.some((each) => each.field === field)) continue;
    const kinds = "allowed: text with label (classes), text with target (numbers), or completion with or without prompt (texts to write)";
    faults.add(field, "CONFLICT", `${quote(column)} does not belong to ${chosen.at(-1)?.field}; ${kinds}`);
  }
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
