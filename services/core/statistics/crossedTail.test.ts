import { readFileSync } from "node:fs";
import tCdf from "@stdlib/stats-base-dists-t-cdf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { meanSquares } from "./crossedMean.js";
import { crossedQuantile, crossedTail } from "./crossedTail.js";

const { cases } = JSON.parse(readFileSync(new URL("../../../test/goldens/statistics/crossed_goldens.json", import.meta.url), "utf8")) as {
  cases: { rows: number[][]; tails: { distance: number; p: number }[] }[];
};
const size = { seeds: 5, examples: 400 };

describe("the tail of a crossed mean", () => {
  it("agrees with scipy's integral to a millionth", () => {
    expect(cases.length).toBe(7);
    for (const { rows, tails } of cases) {
      const found = meanSquares(rows);
      if (!found) return expect.unreachable();
      for (const { distance, p } of tails) {
        const own = crossedTail(distance, found.squares, found.size);
        expect(Math.abs(own - p), `${distance} of ${rows.length} seeds`).toBeLessThan(1e-6 * p + 1e-15);
      }
    }
  });

  it("is Student's with seeds - 1 degrees of freedom where only seeds vary, and with examples - 1 where only examples do", () => {
    const error = (square: number) => Math.sqrt(square / (size.seeds * size.examples));
    for (const distance of [0.01, 0.05, 0.3]) {
      const [ofSeeds, ofExamples] = [8, 3];
      const onlySeeds = crossedTail(distance, { ofSeeds, ofExamples: 0, residual: 0 }, size);
      // As nearly normal as 400 examples make it: what Student's t with 399 degrees of freedom adds is below a hundredth.
      expect(Math.abs(onlySeeds / tCdf(-distance / error(ofSeeds), 4) - 1)).toBeLessThan(0.02);
      expect(crossedTail(distance, { ofSeeds: 0, ofExamples, residual: 0 }, size)).toBeCloseTo(
        tCdf(-distance / error(ofExamples), 399),
        12,
      );
    }
  });

  it("falls with the distance, rises with every mean square, and is the inverse of its quantile", () => {
    const square = fc.double({ min: 1e-3, max: 10, noNaN: true });
    fc.assert(
      fc.property(
        square,
        square,
        square,
        fc.integer({ min: 2, max: 20 }),
        fc.double({ min: 1e-4, max: 0.4, noNaN: true }),
        (a, b, c, seeds, p) => {
          const own = { seeds, examples: 100 };
          const squares = { ofSeeds: a, ofExamples: b, residual: c };
          const distance = crossedQuantile(p, squares, own);
          expect(Math.abs(crossedTail(distance, squares, own) / p - 1)).toBeLessThan(1e-7);
          expect(crossedTail(1.01 * distance, squares, own)).toBeLessThan(p);
          expect(crossedTail(distance, { ...squares, ofSeeds: 1.1 * a }, own)).toBeGreaterThanOrEqual(p * (1 - 1e-4));
          expect(crossedTail(distance, { ...squares, ofExamples: 1.1 * b }, own)).toBeGreaterThanOrEqual(p * (1 - 1e-4));
        },
      ),
    );
  });

  it("is one half at no distance, and nothing at any where nothing varies", () => {
    const nothing = { ofSeeds: 0, ofExamples: 0, residual: 0 };
    expect(crossedTail(0, nothing, size)).toBeCloseTo(0.5, 12);
    expect(crossedTail(1e-9, nothing, size)).toBe(0);
    expect(crossedQuantile(0.025, nothing, size)).toBe(0);
    expect(crossedTail(0, { ofSeeds: 1, ofExamples: 1, residual: 0.5 }, size)).toBeCloseTo(0.5, 9);
  });
});
