import { createHash } from "node:crypto";
import { quote } from "../quote.js";
import { canonicalLine } from "./encodeExamples.js";
import { foldedText } from "./foldedText.js";
import { growingNumbers } from "./growingNumbers.js";
import type { ReadRow } from "./readRow.js";
import { createTextIndex, newTextKey, type TextIndex, textKey } from "./textIndex.js";

/** What is known of a split while its rows pass. */
export interface SplitSummary {
  name: string;
  rows: number;
  /** Rows whose text (and pair) stands in the split more than once, letter for letter. */
  duplicates: number;
  /** Rows of each label, in the order in which the labels first came in the data set. */
  labelRows: Map<number, number>;
  /** The split's texts, letter for letter. */
  texts: TextIndex;
  /** For each earlier split: rows whose text stands there too, with the first of their texts. */
  shared: { with: string; rows: number; shown: string[] }[];
  /** SHA-256 (hex) over the canonical rows. Asked for once, at the end. */
  digest(): string;
  /** Takes the next row; returns the number of its group of copies, counted from 0 in the order in which groups first come. */
  add(row: ReadRow, label: number): number;
}

/** @param earlier the splits before this one, complete */
export function summarizeSplit(name: string, earlier: readonly SplitSummary[]): SplitSummary {
  const hash = createHash("sha256");
  // Hashing many lines at once is several times faster.
  let pending: string[] = [];
  let pendingLength = 0;
  const flush = () => {
    hash.update(pending.join(""), "utf8");
    pending = [];
    pendingLength = 0;
  };
  const key = newTextKey();
  const groups = createTextIndex();
  const copies = growingNumbers();
  const summary: SplitSummary = {
    name,
    rows: 0,
    duplicates: 0,
    labelRows: new Map(),
    texts: createTextIndex(),
    shared: earlier.map((split) => ({ with: split.name, rows: 0, shown: [] })),
    digest: () => {
      flush();
      return hash.digest("hex");
    },
    add: (row, label) => {
      summary.rows++;
      summary.labelRows.set(label, (summary.labelRows.get(label) ?? 0) + 1);
      const line = canonicalLine(row, row.label);
      pending.push(line);
      pendingLength += line.length;
      if (pendingLength > 1 << 16) flush();

      textKey(exactText(row), key);
      const number = summary.texts.add(key);
      if (number === copies.length()) copies.push(0);
      const count = copies.increment(number);
      summary.duplicates += count === 1 ? 0 : count === 2 ? 2 : 1;
      for (const [index, split] of earlier.entries()) {
        const overlap = summary.shared[index];
        if (!overlap || split.texts.find(key) === -1) continue;
        overlap.rows++;
        if (overlap.shown.length < 3) overlap.shown.push(quote(row.text));
      }
      return groups.add(textKey(foldedText(row), key));
    },
  };
  return summary;
}

/** A sentence for each split with repeated texts, and for each pair of splits that share texts. */
export function overlapWarnings(splits: readonly SplitSummary[]): string[] {
  const repeated = splits
    .filter(({ duplicates }) => duplicates > 0)
    .map(({ name, duplicates }) => `${duplicates} rows of the split "${name}" have a text that stands in it more than once`);
  const shared = splits.flatMap((first, index) =>
    splits.slice(index + 1).flatMap((second) => {
      const overlap = second.shared[index];
      if (!overlap || overlap.rows === 0) return [];
      const { rows, shown } = overlap;
      const [count, have] = rows === 1 ? ["1 row", "has"] : [`${rows} rows`, "have"];
      const more = rows > shown.length ? ", …" : "";
      return [
        `${count} of the split "${second.name}" ${have} a text that stands in the split "${first.name}" too: ${shown.join(", ")}${more}`,
      ];
    }),
  );
  return [...repeated, ...shared];
}

/** The same for the same text and pair only: the length keeps the two apart. */
function exactText({ text, textPair }: { text: string; textPair?: string }): string {
  return textPair === undefined ? text : `${text.length}:${text}${textPair}`;
}
