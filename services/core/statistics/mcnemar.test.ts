import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mcnemarTest } from "./mcnemar.js";

const goldens = JSON.parse(readFileSync(new URL("../../../test/goldens/statistics/goldens.json", import.meta.url), "utf8")) as {
  mcnemar: { onlyFirst: number; onlySecond: number; pValue: number; midP: number }[];
};
const count = fc.integer({ min: 0, max: 3000 });

describe("McNemar's test", () => {
  it("agrees with statsmodels and scipy to 1e-10", () => {
    expect(goldens.mcnemar.length).toBe(11);
    for (const { onlyFirst, onlySecond, pValue, midP } of goldens.mcnemar) {
      const found = mcnemarTest(onlyFirst, onlySecond);
      expect(Math.abs(found.pValue / pValue - 1), `p of ${onlyFirst} and ${onlySecond}`).toBeLessThan(1e-10);
      expect(Math.abs(found.midP / midP - 1), `mid-p of ${onlyFirst} and ${onlySecond}`).toBeLessThan(1e-10);
    }
  });

  it("has the published values of Fagerland, Lydersen and Laake, 2013: 1 and 7 disagreements", () => {
    const { pValue, midP } = mcnemarTest(1, 7);
    expect(pValue).toBeCloseTo(0.0703, 4);
    expect(midP).toBeCloseTo(0.0391, 4);
  });

  it("leaves out half of the observed outcome where as many are right on either side, by hand", () => {
    // 1 - C(2k, k) / 2^(2k) / 2.
    for (const [each, midP] of [
      [1, 1 - 2 / 4 / 2],
      [2, 1 - 6 / 16 / 2],
      [5, 1 - 252 / 1024 / 2],
    ] as const) {
      const found = mcnemarTest(each, each);
      expect(found.pValue).toBe(1);
      expect(found.midP).toBeCloseTo(midP, 12);
    }
  });

  it("does not ask which is first, and is surer of a larger gap", () => {
    fc.assert(
      fc.property(count, count, (a, b) => {
        const found = mcnemarTest(a, b);
        expect(mcnemarTest(b, a)).toEqual(found);
        expect(found.midP).toBeLessThanOrEqual(found.pValue);
        expect(found.pValue).toBeLessThanOrEqual(1);
        expect(found.midP).toBeGreaterThanOrEqual(0);
        if (a >= b) expect(mcnemarTest(a + 1, b).pValue).toBeLessThanOrEqual(found.pValue);
      }),
    );
  });

  it("says nothing where the two never disagree", () => expect(mcnemarTest(0, 0)).toEqual({ pValue: 1, midP: 1 }));

  it("refuses what is no count", () => expect(() => mcnemarTest(1, 0.5)).toThrow("onlySecond is 0.5; allowed: a whole number from 0"));
});
