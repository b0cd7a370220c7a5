import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adjustPValues, type Correction, corrections } from "./multipleTesting.js";

const goldens = JSON.parse(readFileSync(new URL("../../../test/goldens/statistics/goldens.json", import.meta.url), "utf8")) as {
  multiple_testing: { pValues: number[]; adjusted: Record<Correction, number[]> }[];
};
const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });

describe.each(corrections)("p-values corrected after %s", (correction) => {
  it("agree with statsmodels to 1e-12", () => {
    expect(goldens.multiple_testing.length).toBe(6);
    for (const golden of goldens.multiple_testing) {
      const adjusted = adjustPValues(golden.pValues, correction);
      for (const [index, expected] of golden.adjusted[correction].entries()) expect(adjusted[index]).toBeCloseTo(expected, 12);
    }
  });

  it("are no smaller, keep their order, and do not hang on that of the tests", () => {
    fc.assert(
      fc.property(pValues, (values) => {
        const adjusted = adjustPValues(values, correction);
        for (const [index, p] of values.entries()) {
          expect(adjusted[index]).toBeGreaterThanOrEqual(p);
          expect(adjusted[index]).toBeLessThanOrEqual(1);
          for (const [other, q] of values.entries()) if (p < q) expect(adjusted[index]).toBeLessThanOrEqual(adjusted[other] ?? -1);
        }
        expect(adjustPValues(values.toReversed(), correction).toReversed()).toEqual(adjusted);
      }),
    );
  });

  it("are those of one test where there is one, and none where there is none", () => {
    expect(adjustPValues([0.03], correction)).toEqual([0.03]);
    expect(adjustPValues([], correction)).toEqual([]);
  });

  it("are refused for what is no probability", () => {
    expect(() => adjustPValues([0.1, 1.5], correction)).toThrow("pValues[1] is 1.5; allowed: from 0 to 1");
    expect(() => adjustPValues([Number.NaN], correction)).toThrow("pValues[0] is NaN");
  });
});
