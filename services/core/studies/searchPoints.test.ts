import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { searchPoints } from "./searchPoints.js";
import type { StudyTuning } from "./study.js";

const grid = (trials: number): StudyTuning => ({ trials, method: "grid", metric: "accuracy", seeds: [0], searchSeed: 0 });
const random = (trials: number, searchSeed = 0): StudyTuning => ({ ...grid(trials), method: "random", searchSeed });
const pointsOf = (found: ReturnType<typeof searchPoints>) => ("points" in found ? found.points : []);
const problemOf = (found: ReturnType<typeof searchPoints>) => ("problem" in found ? found.problem : "");

describe("a grid", () => {
  it("spaces a range evenly on its scale, ends included", () => {
    expect(pointsOf(searchPoints({ learning_rate: { min: 1e-4, max: 1e-2, scale: "log" } }, grid(3)))).toEqual([
      { learning_rate: 1e-4 },
      { learning_rate: 1e-3 },
      { learning_rate: 1e-2 },
    ]);
    expect(pointsOf(searchPoints({ momentum: { min: 0, max: 0.9, scale: "linear" } }, grid(4)))).toEqual([
      { momentum: 0 },
      { momentum: 0.3 },
      { momentum: 0.6 },
      { momentum: 0.9 },
    ]);
  });

  it("has every combination of values", () => {
    const points = pointsOf(searchPoints({ b: { values: [1, 2] }, a: { min: 1, max: 100, scale: "log" } }, grid(6)));
    expect(points).toHaveLength(6);
    expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(6);
    expect(points).toContainEqual({ a: 10, b: 2 });
  });

  it("says so when a range is too narrow to make every trial another", () => {
    const narrow = { learning_rate: { min: 1e-3, max: 1.0005e-3, scale: "log" } } as const;
    expect(problemOf(searchPoints(narrow, grid(4)))).toContain(
      "too little room for 4 different trials: with values of four digits it has 2",
    );
    expect(pointsOf(searchPoints(narrow, grid(2)))).toEqual([{ learning_rate: 1e-3 }, { learning_rate: 1.0005e-3 }]);
    expect(problemOf(searchPoints({ ...narrow, k: { values: [1, 2] } }, grid(8)))).toContain("too little room for 8 different trials");
  });

  it("says so when it does not make as many points as there are trials", () => {
    expect(problemOf(searchPoints({ a: { values: [1, 2] } }, grid(3)))).toContain("makes a grid of 2 points, and every arm gets 3 trials");
    expect(problemOf(searchPoints({ a: { min: 1, max: 2, scale: "log" }, b: { min: 1, max: 2, scale: "log" } }, grid(4)))).toContain(
      "ranges for a and b",
    );
    expect(problemOf(searchPoints({}, grid(3)))).toContain("nothing to search");
    expect(searchPoints({}, grid(1))).toEqual({ points: [{}] });
  });
});

describe("a random search", () => {
  it("stays inside its ranges, repeats itself for a seed and no other, and tries nothing twice", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(), (trials, seed) => {
        const space = { learning_rate: { min: 1e-5, max: 1e-2, scale: "log" }, k: { values: [1, 5, 6] } } as const;
        const points = pointsOf(searchPoints(space, random(trials, seed)));
        expect(points).toHaveLength(trials);
        expect(points).toEqual(pointsOf(searchPoints(space, random(trials, seed))));
        expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(trials);
        for (const { learning_rate: rate = 0, k = 0 } of points) {
          expect(rate >= 1e-5 && rate <= 1e-2).toBe(true);
          expect([1, 5, 6]).toContain(k);
        }
      }),
    );
    const space = { learning_rate: { min: 1e-5, max: 1e-2, scale: "log" } } as const;
    expect(searchPoints(space, random(3, 1))).not.toEqual(searchPoints(space, random(3, 2)));
  });

  it("is even on a logarithmic scale", () => {
    const points = pointsOf(searchPoints({ rate: { min: 1e-4, max: 1, scale: "log" } }, random(400)));
    const below = points.filter(({ rate = 0 }) => rate < 1e-2).length;
    // Half of 400, within four standard errors.
    expect(Math.abs(below - 200)).toBeLessThan(40);
  });

  it("says so when there are fewer different points than trials, also where rounding makes them few", () => {
    expect(problemOf(searchPoints({ a: { values: [1, 2] } }, random(3)))).toContain("has 2 different points");
    expect(problemOf(searchPoints({ a: { min: 1, max: 1.0001, scale: "log" } }, random(9)))).toContain(
      "too little room for 9 different trials",
    );
  });
});
