import { quote } from "../quote.js";
import { cutGroups, type GroupedRows } from "./cutGroups.js";

/** How many rows `carveValidation` puts on each side, and how many distinct texts each class has. */
export interface CutCount {
  train: number;
  validation: number;
  /** By class id; 0 for a class without rows. */
  distinctTexts: number[];
}

/**
 * Counts a cut without its texts.
 * @param classes how many classes the data set has; 1 where labels are none
 * @throws RangeError for a fraction or seed outside its range
 */
export function countCut(rows: GroupedRows, classes: number, fraction: number, seed: number): CutCount {
  const { isValidation, groupRows, groupsOfClass } = cutGroups(rows, fraction, seed);
  const validation = groupRows.reduce((sum, count, group) => sum + (isValidation[group] === 1 ? count : 0), 0);
  return {
    train: rows.groups.length - validation,
    validation,
    distinctTexts: Array.from({ length: classes }, (_, label) => groupsOfClass.get(label) ?? 0),
  };
}

/** Why a cut that leaves one side empty cannot work, and what would: a sentence. */
export function emptyCutReason(
  { train, validation, distinctTexts }: CutCount,
  split: { name: string; classes: readonly string[]; classCounts: readonly number[] },
): string {
  const present = split.classes
    .map((name, label) => ({ name, rows: split.classCounts[label] ?? 0, texts: distinctTexts[label] ?? 0 }))
    .filter(({ rows }) => rows > 0);
  const whole = split.classes.length === 0;
  const shown = present
    .slice(0, 5)
    .map(({ name, rows, texts }) => `${quote(name)} has ${counted(rows, "row")} of ${counted(texts, "distinct text")}`);
  const more = present.length > shown.length ? ` and so on for ${present.length - shown.length} more` : "";
  return (
    `the split ${quote(split.name)} cannot be cut in two: ${train} rows would be left to train on and ${validation} to validate on, since ` +
    `copies of a text (letter case and white space aside) stay together${whole ? "" : ", and a class needs two distinct texts to stand on both sides"}. ` +
    `${whole ? `It has ${counted(train + validation, "row")} of ${counted(distinctTexts[0] ?? 0, "distinct text")}` : `${shown.join(", ")}${more}`}. Import more distinct texts, or a validation split`
  );
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
