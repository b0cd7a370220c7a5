import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equivalenceTest } from "./equivalenceTest.js";
import { pairedDifference } from "./pairedDifference.js";

const count = fc.integer({ min: 0, max: 400 });
const table = fc
  .record({ both: count, onlyFirst: count, onlySecond: count, neither: count })
  .filter(({ both, onlyFirst, onlySecond, neither }) => both + onlyFirst + onlySecond + neither > 0);

describe("the equivalence test", () => {
  it("holds two for equal exactly where Tango's interval of level 1 - 2 alpha lies within the margin", () => {
    fc.assert(
      fc.property(
        table,
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        fc.double({ min: 0.01, max: 0.2, noNaN: true }),
        (counts, margin, alpha) => {
          const { pValue } = equivalenceTest(counts, margin);
          const { lower = -1, upper = 1 } = pairedDifference(counts, 1 - 2 * alpha, "tango");
          if (Math.abs(pValue - alpha) < 1e-9) return;
          expect(pValue <= alpha).toBe(lower > -margin && upper < margin);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is surer with a wider margin and with more examples, and does not ask which is first", () => {
    const counts = { both: 800, onlyFirst: 30, onlySecond: 25, neither: 145 };
    const { pValue } = equivalenceTest(counts, 0.02);
    expect(equivalenceTest(counts, 0.03).pValue).toBeLessThan(pValue);
    expect(equivalenceTest({ both: 8000, onlyFirst: 300, onlySecond: 250, neither: 1450 }, 0.02).pValue).toBeLessThan(pValue);
    expect(equivalenceTest({ ...counts, onlyFirst: 25, onlySecond: 30 }, 0.02).pValue).toBeCloseTo(pValue, 12);
  });

  it("says nothing without examples", () => {
    expect(equivalenceTest({ both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 }, 0.1)).toEqual({ pValue: 1 });
  });

  it("refuses a margin that is none", () => {
    expect(() => equivalenceTest({ both: 1, onlyFirst: 0, onlySecond: 0, neither: 0 }, 0)).toThrow(
      "margin is 0; allowed: above 0 and below 1",
    );
  });
});
