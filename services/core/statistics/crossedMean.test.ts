import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { remlComponents } from "./remlComponents.js";
import { crossedMean, meanSquares } from "./crossedMean.js";
import { crossedQuantile } from "./crossedTail.js";

interface Golden {
  rows: number[][];
  level: number;
  estimate: number;
  standardError: number;
  seedVariance: number;
  exampleVariance: number;
  residualVariance: number;
  /** Of seeds, examples and the residual. */
  reml: [number, number, number];
  lower: number;
  upper: number;
}
const { cases } = JSON.parse(readFileSync(new URL("../../../test/goldens/statistics/crossed_goldens.json", import.meta.url), "utf8")) as {
  cases: Golden[];
};

describe("the mean over seeds and examples", () => {
  it("agrees with statsmodels' analysis of variance and scipy's integral to 1e-8", () => {
    expect(cases.length).toBe(7);
    for (const golden of cases) {
      const mean = crossedMean(golden.rows);
      expect(mean).toBeDefined();
      if (!mean) continue;
      for (const name of ["estimate", "standardError", "seedVariance", "exampleVariance", "residualVariance"] as const)
        expect(Math.abs(mean[name] - golden[name])).toBeLessThan(1e-9 * Math.max(1, Math.abs(golden[name])));
      const found = meanSquares(golden.rows);
      const half = found ? crossedQuantile((1 - golden.level) / 2, found.squares, found.size) : Number.NaN;
      expect(Math.abs((2 * half) / (golden.upper - golden.lower) - 1)).toBeLessThan(1e-8);
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

  it("is of two seeds and two examples at least", () => {
    expect(crossedMean([[1, 0, 1, 1]])).toBeUndefined();
    expect(crossedMean([[1], [0]])).toBeUndefined();
    expect(crossedMean([])).toBeUndefined();
    expect(meanSquares([[1, 0, 1, 1]])?.squares).toEqual({ ofSeeds: 0, ofExamples: 0.25, residual: 0 });
  });

  it("refuses rows of different lengths", () => {
    expect(() => crossedMean([[1, 2], [1]])).toThrow("rows[1] has 1 examples, the first row 2");
  });
});
