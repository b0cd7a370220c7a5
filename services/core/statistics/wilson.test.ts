import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wilsonInterval } from "./wilson.js";

const goldens = JSON.parse(readFileSync(new URL("../../../test/goldens/statistics/goldens.json", import.meta.url), "utf8")) as {
  wilson: { successes: number; trials: number; level: number; lower: number; upper: number }[];
};

const proportion = fc
  .integer({ min: 1, max: 100_000 })
  .chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)));
const level = fc.double({ min: 0.01, max: 0.9999, noNaN: true });

function bounds(successes: number, trials: number, level: number): { lower: number; upper: number } {
  const { lower, upper } = wilsonInterval(successes, trials, level);
  if (lower === undefined || upper === undefined) throw new Error(`no interval for ${successes} of ${trials}`);
  return { lower, upper };
}

describe("wilsonInterval", () => {
  it("agrees with statsmodels to 1e-10", () => {
    expect(goldens.wilson.length).toBeGreaterThan(200);
    for (const golden of goldens.wilson) {
      const { lower, upper } = bounds(golden.successes, golden.trials, golden.level);
      expect(Math.abs(lower - golden.lower), `lower of ${JSON.stringify(golden)}`).toBeLessThan(1e-10);
      expect(Math.abs(upper - golden.upper), `upper of ${JSON.stringify(golden)}`).toBeLessThan(1e-10);
    }
  });

  it("has a width, and exactly 0 or 1 as one bound, when none or all succeed", () => {
    expect(wilsonInterval(0, 10, 0.95)).toMatchObject({ estimate: 0, lower: 0, method: "wilson", about: "examples", level: 0.95 });
    expect(bounds(0, 10, 0.95).upper).toBeGreaterThan(0.2);
    expect(bounds(10, 10, 0.95).upper).toBe(1);
    expect(bounds(10, 10, 0.95).lower).toBeLessThan(0.8);
  });

  it("is unavailable, with the reason, for no trial", () => {
    expect(wilsonInterval(0, 0, 0.95)).toEqual({
      estimate: Number.NaN,
      level: 0.95,
      method: "wilson",
      about: "examples",
      unavailable: "there are no examples (n = 0)",
    });
  });

  it("holds the estimate and stays within 0 and 1", () => {
    fc.assert(
      fc.property(proportion, level, ([successes, trials], level) => {
        const { lower, upper } = bounds(successes, trials, level);
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(lower).toBeLessThanOrEqual(successes / trials);
        expect(upper).toBeGreaterThanOrEqual(successes / trials);
        expect(upper).toBeLessThanOrEqual(1);
        expect(upper).toBeGreaterThan(lower);
      }),
    );
  });

  it("mirrors when successes and failures change places", () => {
    fc.assert(
      fc.property(proportion, level, ([successes, trials], level) => {
        const one = bounds(successes, trials, level);
        const other = bounds(trials - successes, trials, level);
        expect(one.lower).toBeCloseTo(1 - other.upper, 12);
        expect(one.upper).toBeCloseTo(1 - other.lower, 12);
      }),
    );
  });

  it("rises with the successes and widens with the level", () => {
    fc.assert(
      fc.property(proportion, level, ([successes, trials], level) => {
        const at = bounds(successes, trials, level);
        if (successes < trials) {
          expect(bounds(successes + 1, trials, level).lower).toBeGreaterThan(at.lower);
          expect(bounds(successes + 1, trials, level).upper).toBeGreaterThan(at.upper);
        }
        const wider = bounds(successes, trials, level + (1 - level) / 2);
        expect(wider.lower).toBeLessThanOrEqual(at.lower);
        expect(wider.upper).toBeGreaterThanOrEqual(at.upper);
      }),
    );
  });

  it("refuses counts and levels outside their range, quoting them", () => {
    expect(() => wilsonInterval(11, 10, 0.95)).toThrow("successes is 11; allowed: a whole number from 0 to 10 (trials)");
    expect(() => wilsonInterval(-1, 10, 0.95)).toThrow(RangeError);
    expect(() => wilsonInterval(1.5, 10, 0.95)).toThrow(RangeError);
    expect(() => wilsonInterval(0, -1, 0.95)).toThrow("trials is -1");
    expect(() => wilsonInterval(0, Number.NaN, 0.95)).toThrow("trials is NaN");
    expect(() => wilsonInterval(1, 10, 95)).toThrow("level is 95; allowed: above 0 and below 1");
    expect(() => wilsonInterval(1, 10, Number.NaN)).toThrow("level is NaN");
  });
});
