import { describe, expect, it } from "vitest";
import { beyondRounding } from "./beyondRounding.js";
import { clusteredInterval } from "./clusteredInterval.js";
import { crossedMean } from "./crossedMean.js";
import { meanTest } from "./meanTest.js";
import { meanInterval, ratioInterval } from "./ratioInterval.js";

// 0.1 is no binary fraction: sums of it are rounded.
const constant = (length: number, value = 0.1) => Array<number>(length).fill(value);

describe("what rounding leaves of values that are all the same", () => {
  it("is no variance: intervals are unavailable, whatever the number of examples", () => {
    for (const length of [3, 50, 1000, 100_000]) {
      expect(meanInterval(constant(length), 0.95).unavailable, `mean of ${length}`).toContain("every example has the same value");
      expect(crossedMean([constant(length), constant(length), constant(length)])?.standardError).toBe(0);
    }
    const counts = [1, 2, 3, 7, 11];
    const sums = counts.map((count) => 0.1 * count);
    expect(ratioInterval(sums, counts, 0.95).unavailable).toContain("every example has the same value");
    expect(clusteredInterval(constant(9), [1, 1, 1, 1, 2, 2, 2, 3, 3], 0.95).unavailable).toContain("every group has the same mean");
  });

  it("is no certainty: 50 differences of 0.1 are as surely within a margin as 50 of 0 are within a margin that much smaller", () => {
    const range = { least: -1, most: 1 };
    for (const seeds of [1, 2]) {
      const tail = (value: number, mean: number) => meanTest(Array<number[]>(seeds).fill(constant(50, value)), range)?.tail(mean) ?? 0;
      expect(tail(0.1, 0.5)).toBeGreaterThan(1e-12);
      expect(tail(0.1, 0.1)).toBe(0.5);
      // As of the fraction that the decimal is not: 0.125 is one.
      expect(Math.abs(tail(0.1, 0.5) - tail(0.125, 0.5))).toBeLessThan(0.01);
    }
  });

  it("is told from a small variance that is there", () => {
    expect(beyondRounding(3e-31, 3, 1)).toBe(0);
    expect(beyondRounding(1e-28, 3, 1)).toBe(1e-28);
    expect(beyondRounding(0, 0, 0)).toBe(0);
    const { lower, upper } = meanInterval([1, 1 + 1e-12, 1 - 1e-12], 0.95);
    expect(upper).toBeGreaterThan(lower ?? 2);
  });
});
