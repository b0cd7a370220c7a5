import { quote } from "../quote.js";
import type { FaultCollector } from "./faultCollector.js";
import type { SplitSummary } from "./splitSummary.js";

/**
 * Checks what only all rows together show: that there are classes to tell apart, and that none stands in one split alone.
 * @param labels names, in the order of the summaries' label numbers
 */
export function checkLabels(splits: readonly SplitSummary[], labels: readonly string[], column: string, faults: FaultCollector): void {
  if (labels.length < 2) {
    const only = labels.map((label) => `, ${quote(label)}`).join("");
    faults.add(
      "header.columns.label",
      "TOO_FEW_CLASSES",
      `${quote(column)} names ${labels.length} class${only}; a classification needs two or more`,
    );
    return;
  }
  if (splits.length < 2) return;
  for (const [label, name] of labels.entries()) {
    const having = splits.flatMap(({ labelRows }, index) => ((labelRows.get(label) ?? 0) > 0 ? [index] : []));
    const [index = 0, another] = having;
    if (another !== undefined) continue;
    const rows = splits[index]?.labelRows.get(label) ?? 0;
    faults.add(
      `files[${index}]`,
      "LABEL_IN_ONE_SPLIT",
      `the label ${quote(name)} stands in the split ${quote(splits[index]?.name)} only (${rows} row${rows === 1 ? "" : "s"}); every label must stand in two splits or more`,
    );
  }
}

/** Checks that there is something to predict. */
export function checkTargets({ least, greatest }: { least: number; greatest: number }, column: string, faults: FaultCollector): void {
  if (least < greatest) return;
  const problem = `${quote(column)} is ${least} in every row; a regression needs two different numbers or more`;
  faults.add("header.columns.target", "TOO_FEW_VALUES", problem);
}
