import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exponentialInterval, ratioInterval } from "./ratioInterval.js";

interface SumOf {
  sum: number;
  count: number;
}
const intervalOf = (examples: readonly SumOf[], level: number) =>
  ratioInterval(
    examples.map(({ sum }) => sum),
    examples.map(({ count }) => count),
    level,
  );
const goldens = JSON.parse(readFileSync(new URL("../../../test/goldens/statistics/goldens.json", import.meta.url), "utf8")) as {
  ratio: { examples: SumOf[]; level: number; estimate: number; lower: number; upper: number }[];
};

describe("ratioInterval", () => {
  it("agrees with statsmodels' clusters to 1e-10", () => {
    expect(goldens.ratio.length).toBe(15);
    for (const { examples, level, ...golden } of goldens.ratio) {
      const found = intervalOf(examples, level);
      for (const name of ["estimate", "lower", "upper"] as const)
        expect(Math.abs((found[name] ?? Number.NaN) / golden[name] - 1), `${name} of ${examples.length} examples`).toBeLessThan(1e-10);
    }
  });

  it("has no interval where the data show no spread", () => {
    expect(intervalOf([], 0.95)).toMatchObject({ estimate: Number.NaN, unavailable: "there are no examples (n = 0); two are needed" });
    expect(intervalOf([{ sum: 4, count: 2 }], 0.95)).toEqual({
      estimate: 2,
      level: 0.95,
      method: "linearised ratio, t",
      about: "examples",
      unavailable: "there is one example (n = 1); two are needed",
    });
    const same = intervalOf(Array<SumOf>(5).fill({ sum: 3, count: 2 }), 0.9);
    expect(same.lower).toBeUndefined();
    expect(same.unavailable).toContain("the same value");
  });

  it("is around the estimate, wider for a higher level, and the same in any order", () => {
    const example = fc.record({ sum: fc.double({ min: 0, max: 1e3, noNaN: true }), count: fc.integer({ min: 1, max: 100 }) });
    fc.assert(
      fc.property(fc.array(example, { minLength: 2, maxLength: 30 }), (examples) => {
        const [narrow, wide] = [intervalOf(examples, 0.5), intervalOf(examples, 0.99)];
        if (narrow.unavailable !== undefined) return;
        expect(narrow.lower).toBeLessThanOrEqual(narrow.estimate);
        expect(wide.upper).toBeGreaterThanOrEqual(narrow.upper ?? Number.NaN);
        expect(intervalOf(examples.toReversed(), 0.5).estimate).toBeCloseTo(narrow.estimate, 9);
      }),
    );
  });

  it("refuses a level that is none", () => {
    for (const level of [0, 1, -1, Number.NaN])
      expect(() => intervalOf([], level)).toThrow(`level is ${level}; allowed: above 0 and below 1`);
  });
});

it("an interval's exponential is that of its three numbers", () => {
  expect(exponentialInterval({ estimate: 0, lower: -1, upper: 1, level: 0.95, method: "wilson", about: "examples" })).toEqual({
    estimate: 1,
    lower: Math.exp(-1),
    upper: Math.E,
    level: 0.95,
    method: "wilson",
    about: "examples",
  });
});
