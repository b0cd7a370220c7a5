import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { meanTest } from "./meanTest.js";
import { pairedDifference, tangoScore } from "./pairedDifference.js";
import { restrictedVariance, tally } from "./restrictedVariance.js";

const { cases } = JSON.parse(readFileSync(new URL("../../../test/goldens/statistics/mean_test_goldens.json", import.meta.url), "utf8")) as {
  cases: {
    values: number[];
    least: number;
    most: number;
    means: { mean: number; variance: number; tail: number }[];
  }[];
};

/** So many differences of -1, 0 and 1. */
const differences = (onlyFirst: number, onlySecond: number, rest: number) => [
  ...Array<number>(onlyFirst).fill(1),
  ...Array<number>(onlySecond).fill(-1),
  ...Array<number>(rest).fill(0),
];
const unit = { least: -1, most: 1 };

describe("the restricted variance", () => {
  it("is that of the likeliest distribution with the mean, as scipy's minimiser finds it", () => {
    expect(cases.length).toBe(5);
    for (const { values, least, most, means } of cases)
      for (const { mean, variance } of means)
        expect(
          Math.abs(restrictedVariance(tally(values), mean, { least, most }) / variance - 1),
          `${mean} of ${values.join(" ")}`,
        ).toBeLessThan(1e-5);
  });

  it("is that of Tango's score for differences of right and wrong", () => {
    const count = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(count, count, count, fc.double({ min: -0.95, max: 0.95, noNaN: true }), (first, second, rest, mean) => {
        const n = first + second + rest;
        const gap = (first - second) / n - mean;
        if (n === 0 || Math.abs(gap) < 1e-6) return;
        const score = tangoScore({ both: rest, onlyFirst: first, onlySecond: second, neither: 0 }, mean);
        const variance = restrictedVariance(tally(differences(first, second, rest)), mean, unit);
        expect(Math.abs(variance / (n * (gap / score) ** 2) - 1)).toBeLessThan(1e-6);
      }),
    );
  });

  it("is the same of very many values whose neighbours are put together, to a thousandth", () => {
    const values = Float64Array.from({ length: 100_000 }, (_, index) => -Math.log((index + 0.5) / 100_000));
    const whole = { values, counts: new Float64Array(values.length).fill(1), total: values.length, within: 0 };
    for (const mean of [0.9, 0.99, 1, 1.2]) {
      const range = { least: 0, most: 16 };
      expect(tally(values).values.length).toBeLessThan(5000);
      expect(Math.abs(restrictedVariance(tally(values), mean, range) / restrictedVariance(whole, mean, range) - 1)).toBeLessThan(1e-3);
    }
  });
});

describe("the test of a mean of one model", () => {
  it("has the p-value of Student's t with the restricted variance where that is larger, as scipy has it", () => {
    for (const { values, least, most, means } of cases)
      for (const { mean, tail } of means) {
        const found = meanTest([values], { least, most })?.tail(mean) ?? Number.NaN;
        if (tail === 0.5) expect(found).toBeCloseTo(0.5, 9);
        else expect(Math.abs(found / tail - 1), `${mean} of ${values.join(" ")}`).toBeLessThan(1e-5);
      }
  });

  it("rejects nothing between its bounds, and what lies beyond them", () => {
    const value = fc.integer({ min: -3, max: 6 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 3, maxLength: 30 }), fc.constantFrom(0.6, 0.9, 0.95, 0.999), (values, level) => {
        const test = meanTest([values], { least: -8, most: 8 });
        if (!test) return expect.unreachable();
        const { lower, upper } = test.bounds(level);
        expect(lower).toBeLessThan(test.estimate);
        expect(upper).toBeGreaterThan(test.estimate);
        const least = (1 - level) / 2;
        for (const [bound, step] of [
          [lower, 1e-6],
          [upper, -1e-6],
        ] as const) {
          expect(test.tail(bound + step)).toBeGreaterThanOrEqual(least * (1 - 1e-9));
          if (bound > -8 && bound < 8) expect(test.tail(bound - step)).toBeLessThanOrEqual(least * (1 + 1e-9));
        }
      }),
    );
  });

  it("is nearly Tango's interval for differences of right and wrong of many examples", () => {
    const counts = { both: 1800, onlyFirst: 90, onlySecond: 60, neither: 50 };
    const test = meanTest([differences(90, 60, 1850)], unit);
    const { lower = 0, upper = 0 } = pairedDifference(counts, 0.95, "tango");
    const bounds = test?.bounds(0.95);
    expect(bounds?.lower).toBeCloseTo(lower, 4);
    expect(bounds?.upper).toBeCloseTo(upper, 4);
  });

  it("has a width where every value is the same: what was not seen may be", () => {
    const { lower = 0, upper = 0 } = meanTest([Array<number>(100).fill(0)], unit)?.bounds(0.95) ?? {};
    // With n examples of which none differs, Tango's bound is z^2 / (n + z^2); Student's quantile with 99 degrees of freedom is 1.984.
    expect(upper).toBeCloseTo(1.984217 ** 2 / (99 + 1.984217 ** 2), 4);
    expect(lower).toBeCloseTo(-upper, 9);
  });

  it("ends where the values can go no further", () =>
    expect(meanTest([Array<number>(20).fill(1)], unit)?.bounds(0.95)).toMatchObject({ upper: 1, lower: expect.closeTo(0.67, 1) }));

  it("says nothing of one example", () => expect(meanTest([[0.5]], unit)).toBeUndefined());
});

describe("the test of a mean over seeds", () => {
  it("tells two methods apart of which one is always right and the other always wrong", () => {
    const rows = Array.from({ length: 5 }, () => Array<number>(20).fill(1));
    expect(2 * (meanTest(rows, unit)?.tail(0) ?? 1)).toBeLessThan(0.001);
  });

  it("is not surer of no difference for examples that differ", () => {
    // k of 386 examples, wrong with all five seeds of one method.
    const tails = [0, 1, 2, 3, 4, 6, 9].map((lost) => {
      const row = differences(0, lost, 386 - lost);
      return (
        meanTest(
          Array.from({ length: 5 }, () => row),
          unit,
        )?.tail(-0.02) ?? 0
      );
    });
    expect(tails).toEqual(tails.toSorted((a, b) => a - b));
    // Near the exact binomial's: P(X <= k) of 386 trials of 0.02.
    for (const [k, exact] of [0.00041, 0.00364, 0.0163, 0.0495, 0.114].entries()) expect((tails[k] ?? 0) / exact).toBeGreaterThan(0.75);
  });
});
