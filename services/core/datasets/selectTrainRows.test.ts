import { describe, expect, it } from "vitest";
import type { Example } from "./example.js";
import { selectTrainRows } from "./selectTrainRows.js";

const distinct = (counts: number[]): Example[] =>
  counts.flatMap((count, label) => Array.from({ length: count }, (_, row) => ({ text: `text ${label} ${row}`, label })));

describe("selectTrainRows", () => {
  const examples = distinct([30, 30]);

  it("takes distinct rows, and a smaller count the beginning of a larger one's", () => {
    const twenty = selectTrainRows(examples, 20, 4);
    expect(new Set(twenty).size).toBe(20);
    expect(selectTrainRows(examples, 7, 4)).toEqual(twenty.slice(0, 7));
    expect(selectTrainRows(examples, 20, 5)).not.toEqual(twenty);
  });

  it("takes all rows when there are fewer than asked for", () => {
    expect(new Set(selectTrainRows(examples, 1000, 4))).toEqual(new Set(examples));
  });

  it("refuses a count below 1", () => expect(() => selectTrainRows(examples, 0, 4)).toThrow("count is 0; allowed: a whole number from 1"));
});
