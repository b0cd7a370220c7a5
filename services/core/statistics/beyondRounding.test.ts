import { describe, expect, it } from "vitest";
import { crossedEvidence, pairedEvidence } from "../comparisons/meanEvidence.js";
import { beyondRounding } from "./beyondRounding.js";
import { clusteredInterval } from "./clusteredInterval.js";
import { crossedInterval } from "./crossedMean.js";
import { meanInterval, ratioInterval } from "./ratioInterval.js";

// 0.1 is no binary fraction: sums of it are rounded.
const constant = (length: number, value = 0.1) => Array<number>(length).fill(value);

describe("what rounding leaves of values that are all the same", () => {
  it("is no variance: intervals are unavailable, whatever the number of examples", () => {
    for (const length of [3, 50, 1000, 100_000]) {
      expect(meanInterval(constant(length), 0.95).unavailable, `mean of ${length}`).toContain("every example has the same value");
      expect(crossedInterval([constant(length), constant(length), constant(length)], 0.95).unavailable).toContain("the same value");
    }
    const counts = [1, 2, 3, 7, 11];
    const sums = counts.map((count) => 0.1 * count);
    expect(ratioInterval(sums, counts, 0.95).unavailable).toContain("every example has the same value");
    expect(clusteredInterval(constant(9), [1, 1, 1, 1, 2, 2, 2, 3, 3], 0.95).unavailable).toContain("every group has the same mean");
  });

  it("gives no verdict: 50 differences of 0.1 are not certainly within a margin", () => {
    for (const evidence of [pairedEvidence(constant(50)), crossedEvidence([constant(50), constant(50)])]) {
      expect(evidence.pValue).toBe(1);
      expect(evidence.equivalenceP(0.5)).toBe(1);
      expect(evidence.interval(0.95).unavailable).toBeDefined();
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
