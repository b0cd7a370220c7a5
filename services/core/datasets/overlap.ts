import { excerpt } from "./faultCollector.js";
import type { Example } from "./example.js";

/** How many rows have a text (and pair) that stands in the split more than once, letter for letter. */
export function repeatedRows(examples: readonly Example[]): number {
  const counts = new Map<string, number>();
  for (const example of examples) counts.set(exactKey(example), (counts.get(exactKey(example)) ?? 0) + 1);
  return [...counts.values()].reduce((rows, count) => (count > 1 ? rows + count : rows), 0);
}

/** A sentence for each split with repeated texts, and for each pair of splits that share texts. */
export function overlapWarnings(splits: readonly { name: string; examples: readonly Example[]; duplicates: number }[]): string[] {
  const repeated = splits
    .filter(({ duplicates }) => duplicates > 0)
    .map(({ name, duplicates }) => `${duplicates} rows of the split "${name}" have a text that stands in it more than once`);
  const texts = splits.map(({ examples }) => new Set(examples.map(exactKey)));
  const shared = splits.flatMap((first, index) =>
    splits.slice(index + 1).flatMap((second) => {
      const rows = second.examples.filter((example) => texts[index]?.has(exactKey(example)));
      if (rows.length === 0) return [];
      const shown = rows
        .slice(0, 3)
        .map(({ text }) => excerpt(text))
        .join(", ");
      const count = rows.length === 1 ? "1 row" : `${rows.length} rows`;
      const have = rows.length === 1 ? "has" : "have";
      return [
        `${count} of the split "${second.name}" ${have} a text that stands in the split "${first.name}" too: ${shown}${rows.length > 3 ? ", …" : ""}`,
      ];
    }),
  );
  return [...repeated, ...shared];
}

/** The same for the same text and pair only: the length keeps the two apart. */
function exactKey({ text, textPair }: Example): string {
  return textPair === undefined ? text : `${text.length}:${text}${textPair}`;
}
