import { excerpt, type FaultCollector } from "./faultCollector.js";

/** Checks what only all rows together show: that there are classes to tell apart, and that none stands in one split alone. */
export function checkLabels(
  splits: readonly { name: string; rows: readonly { label: string }[] }[],
  column: string,
  faults: FaultCollector,
): void {
  const rowsBySplit = new Map<string, Map<string, number>>();
  for (const { name, rows } of splits) {
    for (const { label } of rows) {
      const counts = rowsBySplit.get(label) ?? new Map<string, number>();
      rowsBySplit.set(label, counts);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  if (rowsBySplit.size < 2) {
    const only = [...rowsBySplit.keys()].map((label) => `, ${excerpt(label)}`).join("");
    faults.add(
      "columns.label",
      "TOO_FEW_CLASSES",
      `${excerpt(column)} names ${rowsBySplit.size} class${only}; a classification needs two or more`,
    );
    return;
  }
  if (splits.length < 2) return;
  for (const [label, counts] of rowsBySplit) {
    const [only, another] = counts;
    if (!only || another) continue;
    const [split, rows] = only;
    faults.add(
      `files[${splits.findIndex(({ name }) => name === split)}]`,
      "LABEL_IN_ONE_SPLIT",
      `the label ${excerpt(label)} stands in the split "${split}" only (${rows} row${rows === 1 ? "" : "s"}); every label must stand in two splits or more`,
    );
  }
}
