import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fewestSeeds, improvementInterval, interquartileInterval, interquartileMean, probabilityOfImprovement } from "./scoresOverSeeds.js";

interface Golden {
  first: number[][];
  second: number[][];
  iqm: number;
  iqm_bounds: number[];
  iqm_error: number[];
  improvement: number;
  improvement_bounds: number[];
  improvement_error: number[];
}
const { cases } = JSON.parse(readFileSync(new URL("../../../test/goldens/statistics/rliable_goldens.json", import.meta.url), "utf8")) as {
  cases: Golden[];
};
const settings = { level: 0.95, resamples: 5000, seed: 1 };
const scores = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 6 }), { minLength: 1, maxLength: 3 });

describe("scores over seeds", () => {
  it("have rliable's interquartile mean and probability of improvement, and its intervals within Monte Carlo error", () => {
    expect(cases.length).toBe(3);
    for (const golden of cases) {
      expect(interquartileMean(golden.first)).toBeCloseTo(golden.iqm, 12);
      expect(probabilityOfImprovement(golden.first, golden.second)).toBeCloseTo(golden.improvement, 12);
      const iqm = interquartileInterval(golden.first, settings);
      const better = improvementInterval(golden.first, golden.second, settings);
      // One of rliable's has four seeds of each task: its values are held, an interval there is none.
      if (golden.first.some((task) => task.length < fewestSeeds)) {
        for (const { unavailable } of [iqm, better]) expect(unavailable).toContain("bootstrap over seeds: 4; at least 5");
        continue;
      }
      for (const [found, bounds, error] of [
        [iqm, golden.iqm_bounds, golden.iqm_error],
        [better, golden.improvement_bounds, golden.improvement_error],
      ] as const)
        for (const [side, bound] of bounds.entries())
          // Bounds of few seeds come in steps.
          expect(Math.abs(([found.lower, found.upper][side] ?? 9) - bound)).toBeLessThan(6 * (error[side] ?? 0) + 0.003);
    }
  });

  it("turn round when the two change places, and do not hang on the order of seeds", () => {
    fc.assert(
      fc.property(scores, (first) => {
        const second = first.map((task) => task.toReversed().map((score) => score + 0.5));
        expect(probabilityOfImprovement(first, second)).toBeCloseTo(1 - probabilityOfImprovement(second, first), 12);
        expect(probabilityOfImprovement(first, first)).toBeCloseTo(0.5, 12);
        expect(interquartileMean(first.map((task) => task.toReversed()))).toBeCloseTo(interquartileMean(first), 12);
      }),
    );
  });

  it("leave the best and the worst quarter out", () => {
    expect(interquartileMean([[0, 1, 2, 3, 4, 5, 6, 100]])).toBe(3.5);
    expect(interquartileMean([[1, 2, 6]])).toBe(3);
  });

  it("have no interval of fewer than five seeds or of equal ones, and one about seeds otherwise", () => {
    expect(interquartileInterval([[0.8]], settings).unavailable).toBe("too few seeds for a bootstrap over seeds: 1; at least 5");
    expect(interquartileInterval([[0.7, 0.8, 0.9, 0.8]], settings)).toMatchObject({
      estimate: 0.8,
      unavailable: "too few seeds for a bootstrap over seeds: 4; at least 5",
    });
    // The method and the task with the fewest count.
    const five = [1, 2, 3, 4, 5];
    expect(improvementInterval([five, five], [five, [1, 2]], settings).unavailable).toContain("bootstrap over seeds: 2;");
    expect(improvementInterval([], [five], settings).unavailable).toContain("bootstrap over seeds: 0;");
    expect(improvementInterval([Array<number>(5).fill(1)], [Array<number>(5).fill(0)], settings)).toMatchObject({
      estimate: 1,
      unavailable: expect.stringContaining("do not vary"),
    });
    expect(interquartileInterval([[0.7, 0.8, 0.9, 0.6, 0.5]], settings)).toMatchObject({
      about: "seeds",
      resampling: { resamples: 5000, seed: 1 },
    });
  });
});
