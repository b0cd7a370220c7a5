import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PairedCounts, pairedDifference, type PairedMethod } from "./pairedDifference.js";

const goldens = JSON.parse(readFileSync(new URL("../../../test/goldens/statistics/goldens.json", import.meta.url), "utf8")) as {
  paired_difference: { counts: PairedCounts; level: number; method: PairedMethod; lower: number; upper: number }[];
};
const methods: readonly PairedMethod[] = ["tango", "newcombe"];
const count = fc.integer({ min: 0, max: 500 });
const table = fc
  .record({ both: count, onlyFirst: count, onlySecond: count, neither: count })
  .filter(({ both, onlyFirst, onlySecond, neither }) => both + onlyFirst + onlySecond + neither > 0);

function bounds(counts: PairedCounts, level: number, method: PairedMethod): { lower: number; upper: number } {
  const { lower, upper } = pairedDifference(counts, level, method);
  if (lower === undefined || upper === undefined) throw new Error("no interval");
  return { lower, upper };
}

it("intervals of paired differences agree with scipy's score test and statsmodels' Wilson bounds to 1e-7 and 1e-10", () => {
  expect(goldens.paired_difference.length).toBe(48);
  for (const { counts, level, method, ...golden } of goldens.paired_difference) {
    const { lower, upper } = bounds(counts, level, method);
    // The golden's nuisance parameter is found by maximising a likelihood, which is flat at its top.
    const tolerance = method === "tango" ? 1e-7 : 1e-10;
    expect(Math.abs(lower - golden.lower), `lower of ${JSON.stringify(counts)}, ${method}, ${level}`).toBeLessThan(tolerance);
    expect(Math.abs(upper - golden.upper), `upper of ${JSON.stringify(counts)}, ${method}, ${level}`).toBeLessThan(tolerance);
  }
});

it.each([
  ["tango", -0.517, -0.026],
  ["newcombe", -0.507, -0.026],
] as const)(
  "the %s interval has the published values of Fagerland, Lydersen and Laake, 2014: 1, 1, 7 and 12 of 21",
  (method, low, high) => {
    const { lower, upper } = bounds({ both: 1, onlyFirst: 1, onlySecond: 7, neither: 12 }, 0.95, method);
    expect(lower).toBeCloseTo(low, 3);
    expect(upper).toBeCloseTo(high, 3);
  },
);

describe.each(methods)("the %s interval of a paired difference", (method) => {
  it("has a width where nobody disagrees, where all do, and of one example", () => {
    for (const n of [1, 10, 1000])
      for (const counts of [
        { both: n, onlyFirst: 0, onlySecond: 0, neither: 0 },
        { both: 0, onlyFirst: n, onlySecond: 0, neither: 0 },
        { both: 0, onlyFirst: 0, onlySecond: n, neither: 0 },
        { both: 0, onlyFirst: 0, onlySecond: 0, neither: n },
      ]) {
        const { lower, upper } = bounds(counts, 0.95, method);
        expect(upper - lower).toBeGreaterThan(1 / n / 2);
      }
  });

  it("holds the estimate, stays between -1 and 1, widens with the level, and turns round with the classifiers", () => {
    fc.assert(
      fc.property(table, fc.double({ min: 0.1, max: 0.999, noNaN: true }), (counts, level) => {
        const { estimate } = pairedDifference(counts, level, method);
        const { lower, upper } = bounds(counts, level, method);
        expect(lower).toBeGreaterThanOrEqual(-1);
        expect(lower).toBeLessThanOrEqual(estimate + 1e-12);
        expect(upper).toBeGreaterThanOrEqual(estimate - 1e-12);
        expect(upper).toBeLessThanOrEqual(1);
        const turned = bounds({ ...counts, onlyFirst: counts.onlySecond, onlySecond: counts.onlyFirst }, level, method);
        expect(turned.lower).toBeCloseTo(-upper, 9);
        expect(turned.upper).toBeCloseTo(-lower, 9);
        const wider = bounds(counts, level + (1 - level) / 2, method);
        expect(wider.lower).toBeLessThanOrEqual(lower + 1e-12);
        expect(wider.upper).toBeGreaterThanOrEqual(upper - 1e-12);
      }),
    );
  });

  // Unpaired intervals of the same margins do not know that both classifiers mostly agree.
  it("is narrower where the two mostly agree than where they do not", () => {
    const agreeing = bounds({ both: 440, onlyFirst: 10, onlySecond: 0, neither: 50 }, 0.95, method);
    const apart = bounds({ both: 400, onlyFirst: 50, onlySecond: 40, neither: 10 }, 0.95, method);
    expect(agreeing.upper - agreeing.lower).toBeLessThan((apart.upper - apart.lower) / 2);
  });

  it("is unavailable without examples", () => {
    expect(pairedDifference({ both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 }, 0.95, method)).toMatchObject({
      estimate: Number.NaN,
      unavailable: "there are no examples (n = 0)",
    });
  });

  it("refuses what is no count", () => {
    expect(() => pairedDifference({ both: 1, onlyFirst: -1, onlySecond: 0, neither: 0 }, 0.95, method)).toThrow("onlyFirst is -1");
  });
});
