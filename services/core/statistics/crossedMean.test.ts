import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { remlComponents } from "./remlComponents.js";
import { crossedInterval, crossedMean, crossedPValue } from "./crossedMean.js";

interface Golden {
  rows: number[][];
  level: number;
  estimate: number;
  standardError: number;
  degreesOfFreedom: number;
  seedVariance: number;
  exampleVariance: number;
  residualVariance: number;
  /** Of seeds, examples and the residual. */
  reml: [number, number, number];
  lower: number;
  upper: number;
  pValueOfZero: number;
}
const { cases } = JSON.parse(readFileSync(new URL("../../../test/goldens/statistics/crossed_goldens.json", import.meta.url), "utf8")) as {
  cases: Golden[];
};

describe("the mean over seeds and examples", () => {
  it("agrees with statsmodels' analysis of variance and scipy's t to 1e-9", () => {
    expect(cases.length).toBe(7);
    for (const golden of cases) {
      const mean = crossedMean(golden.rows);
      expect(mean).toBeDefined();
      if (!mean) continue;
      for (const name of ["estimate", "standardError", "degreesOfFreedom", "seedVariance", "exampleVariance", "residualVariance"] as const)
        expect(Math.abs(mean[name] - golden[name])).toBeLessThan(1e-9 * Math.max(1, Math.abs(golden[name])));
      const interval = crossedInterval(golden.rows, golden.level);
      expect(interval.lower).toBeCloseTo(golden.lower, 9);
      expect(interval.upper).toBeCloseTo(golden.upper, 9);
      expect(interval.about).toBe("examples and seeds");
      expect(Math.abs(crossedPValue(mean, 0) / golden.pValueOfZero - 1)).toBeLessThan(1e-7);
    }
  });

  it("has by restricted maximum likelihood the components that a search over its covariance finds", () => {
    const isBound = cases.filter(({ seedVariance, exampleVariance }) => seedVariance < 0 || exampleVariance < 0);
    expect(isBound.length).toBeGreaterThan(2);
    for (const { rows, reml, residualVariance } of cases) {
      const mean = crossedMean(rows);
      if (!mean) return expect.unreachable();
      const found = remlComponents(mean);
      for (const [place, name] of (["seedVariance", "exampleVariance", "residualVariance"] as const).entries())
        expect(Math.abs(found[name] - (reml[place] ?? Number.NaN)), `${name} of ${rows.length} seeds`).toBeLessThan(
          1e-5 * residualVariance,
        );
    }
  });

  it("reports a negative component and is no surer for it", () => {
    const negative = cases.map(({ rows }) => crossedMean(rows)).filter((mean) => mean && mean.seedVariance < 0);
    expect(negative.length).toBeGreaterThan(0);
    for (const mean of negative) {
      if (!mean) continue;
      // What examples alone give.
      const alone = mean.residualVariance + mean.seeds * mean.exampleVariance;
      expect(mean.standardError ** 2 * mean.seeds * mean.examples).toBeGreaterThanOrEqual(alone * (1 - 1e-12));
    }
  });

  it("depends neither on the order of seeds nor on that of examples, and turns round with its values", () => {
    const table = fc.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 2, max: 12 })).chain(([seeds, examples]) =>
      fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: examples, maxLength: examples }), {
        minLength: seeds,
        maxLength: seeds,
      }),
    );
    fc.assert(
      fc.property(table, (rows) => {
        const mean = crossedMean(rows);
        const other = crossedMean(rows.toReversed().map((row) => row.toReversed()));
        const turned = crossedMean(rows.map((row) => row.map((value) => -value)));
        expect(other?.estimate).toBeCloseTo(mean?.estimate ?? Number.NaN, 12);
        expect(other?.standardError).toBeCloseTo(mean?.standardError ?? Number.NaN, 12);
        expect(turned?.estimate).toBeCloseTo(-(mean?.estimate ?? Number.NaN), 12);
        expect(turned?.standardError).toBeCloseTo(mean?.standardError ?? Number.NaN, 12);
      }),
    );
  });

  it("grows with the level", () => {
    const rows = cases[2]?.rows ?? [];
    const widths = [0.5, 0.8, 0.95, 0.999].map((level) => {
      const { lower = 0, upper = 0 } = crossedInterval(rows, level);
      return upper - lower;
    });
    expect(widths).toEqual(widths.toSorted((a, b) => a - b));
  });

  it("is unavailable with one seed, one example, or values that never vary, and says why", () => {
    expect(crossedInterval([[1, 0, 1, 1]], 0.95)).toMatchObject({ estimate: 0.75, unavailable: expect.stringContaining("is one seed") });
    expect(crossedInterval([[1], [0]], 0.95).unavailable).toContain("is one example");
    expect(crossedInterval([], 0.95).unavailable).toContain("are no seeds");
    const constant = crossedInterval([Array<number>(5).fill(1), Array<number>(5).fill(1)], 0.95);
    expect(constant).toMatchObject({ estimate: 1, unavailable: expect.stringContaining("the same value") });
    expect(constant.lower).toBeUndefined();
  });

  it("refuses rows of different lengths and a level that is none", () => {
    expect(() => crossedMean([[1, 2], [1]])).toThrow("rows[1] has 1 examples, the first row 2");
    expect(() => crossedInterval([[1, 2]], 1)).toThrow("level is 1");
  });
});
