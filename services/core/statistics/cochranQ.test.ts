import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cochranQTest } from "./cochranQ.js";

const goldens = JSON.parse(readFileSync(new URL("../../../test/goldens/statistics/goldens.json", import.meta.url), "utf8")) as {
  cochran_q: { outcomes: number[][]; q: number; pValue: number }[];
};
const turned = (rows: number[][]) => (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? Number.NaN));

describe("Cochran's Q", () => {
  it("agrees with statsmodels to 1e-10", () => {
    expect(goldens.cochran_q.length).toBe(4);
    for (const { outcomes, q, pValue } of goldens.cochran_q) {
      const found = cochranQTest(turned(outcomes));
      expect(found.degreesOfFreedom).toBe((outcomes[0]?.length ?? 0) - 1);
      expect(found.q).toBeCloseTo(q, 10);
      expect(Math.abs(found.pValue / pValue - 1)).toBeLessThan(1e-10);
    }
  });

  it("of two classifiers is McNemar's squared z", () => {
    const outcomes = [...Array<number[]>(9).fill([1, 0]), ...Array<number[]>(4).fill([0, 1]), [1, 1], [0, 0]];
    expect(cochranQTest(turned(outcomes)).q).toBeCloseTo((9 - 4) ** 2 / (9 + 4), 12);
  });

  it("says nothing where no example tells two of them apart", () => {
    expect(
      cochranQTest([
        [1, 0],
        [1, 0],
        [1, 0],
      ]),
    ).toEqual({ q: 0, degreesOfFreedom: 2, pValue: 1 });
  });

  it("keeps the digits of tiny p-values", () => {
    const { pValue } = cochranQTest(turned([...Array<number[]>(400).fill([1, 0]), [1, 1]]));
    expect(pValue).toBeGreaterThan(0);
    expect(pValue).toBeLessThan(1e-80);
  });

  it("refuses one classifier, and rows of different lengths", () => {
    expect(() => cochranQTest([[1]])).toThrow("there are 1 classifiers; at least two are needed");
    expect(() => cochranQTest([])).toThrow("there are 0 classifiers");
    expect(() => cochranQTest([[1, 0], [1]])).toThrow("outcomes[1] has 1 examples, the first row 2");
  });
});
