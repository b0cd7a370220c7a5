import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";

const splits = ["train", "validation", "test"] as const;
const read = (split: string): { text: string; label: string }[] =>
  parse(readFileSync(new URL(`support/${split}.csv`, import.meta.url)), { columns: true });
const rows = splits.flatMap((split) => read(split).map((row) => ({ ...row, split })));

const words = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N} ]/gu, "")
    .split(/\s+/)
    .filter((word) => word !== "");

function jaccard<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  let shared = 0;
  for (const item of a) if (b.has(item)) shared++;
  return shared / (a.size + b.size - shared);
}

describe("the bundled support messages", () => {
  it("are at least 1,200, in six intents that every split has", () => {
    expect(rows.length).toBeGreaterThanOrEqual(1200);
    for (const split of splits)
      expect([...new Set(rows.filter((row) => row.split === split).map(({ label }) => label))].toSorted()).toEqual([
        "account_access",
        "billing_problem",
        "cancellation",
        "order_status",
        "refund_request",
        "technical_issue",
      ]);
  });

  it("are as many in each split as the README says", () => {
    const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");
    for (const split of splits) expect(readme).toContain(`| \`support/${split}.csv\` | ${read(split).length} |`);
  });

  it("hold no two messages that share most of their words", () => {
    const sets = rows.map(({ text }) => new Set(words(text)));
    const near: string[] = [];
    for (let i = 0; i < sets.length; i++)
      for (let j = i + 1; j < sets.length; j++) {
        const [a, b] = [sets[i], sets[j]];
        if (a && b && jaccard(a, b) > 0.5) near.push(`${rows[i]?.text} | ${rows[j]?.text}`);
      }
    expect(near).toEqual([]);
  });

  it("are not made from templates: no opening of two words starts more than one message in fifty", () => {
    const openings = new Map<string, number>();
    for (const { text } of rows) {
      const opening = words(text).slice(0, 2).join(" ");
      openings.set(opening, (openings.get(opening) ?? 0) + 1);
    }
    expect(Math.max(...openings.values())).toBeLessThanOrEqual(rows.length / 50);
  });
});
