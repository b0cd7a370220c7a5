import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cohensH } from "./cohensH.js";
import type { PairedCounts } from "./pairedDifference.js";

const goldens = JSON.parse(readFileSync(new URL("../../../test/goldens/statistics/goldens.json", import.meta.url), "utf8")) as {
  cohens_h: { counts: PairedCounts; level: number; estimate: number; lower: number; upper: number }[];
};

describe("Cohen's h", () => {
  it("agrees with statsmodels, and its interval with a numerical delta method, to 1e-7", () => {
    expect(goldens.cohens_h.length).toBe(4);
    for (const { counts, level, ...golden } of goldens.cohens_h) {
      const found = cohensH(counts, level);
      expect(found.estimate).toBeCloseTo(golden.estimate, 12);
      expect(found.lower).toBeCloseTo(golden.lower, 7);
      expect(found.upper).toBeCloseTo(golden.upper, 7);
    }
  });

  it("of 65% and 45% is Cohen's 0.4", () => {
    expect(cohensH({ both: 30, onlyFirst: 35, onlySecond: 15, neither: 20 }, 0.95).estimate).toBeCloseTo(0.4, 1);
  });

  it("turns round with the classifiers", () => {
    const found = cohensH({ both: 80, onlyFirst: 10, onlySecond: 3, neither: 7 }, 0.95);
    const turned = cohensH({ both: 80, onlyFirst: 3, onlySecond: 10, neither: 7 }, 0.95);
    expect(turned.estimate).toBeCloseTo(-found.estimate, 12);
    expect(turned.lower).toBeCloseTo(-(found.upper ?? 9), 12);
  });

  it("has no interval at 0% or 100%, where the delta method does not hold", () => {
    for (const counts of [
      { both: 90, onlyFirst: 10, onlySecond: 0, neither: 0 },
      { both: 0, onlyFirst: 0, onlySecond: 10, neither: 90 },
    ])
      expect(cohensH(counts, 0.95)).toMatchObject({
        estimate: expect.any(Number),
        unavailable: "an accuracy is 0 or 1: the data do not show how much it varies",
      });
  });

  it("has no interval where the data show no spread", () => {
    expect(cohensH({ both: 5, onlyFirst: 0, onlySecond: 0, neither: 5 }, 0.95)).toMatchObject({
      estimate: 0,
      unavailable: "the two agree on every example: the data do not show how much they vary",
    });
    expect(cohensH({ both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 }, 0.95).unavailable).toBe("there are no examples (n = 0)");
  });
});
