import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binomialInterval, type BinomialMethod, binomialMethods } from "./binomialInterval.js";

const goldens = JSON.parse(readFileSync(new URL("../../../test/goldens/statistics/goldens.json", import.meta.url), "utf8")) as {
  binomial: { method: BinomialMethod; successes: number; trials: number; level: number; lower: number; upper: number }[];
};

const counts = fc.integer({ min: 1, max: 20_000 }).chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)));
// At levels that nobody uses equal tails may leave the estimate out.
const level = fc.double({ min: 0.8, max: 0.999, noNaN: true });

function bounds(successes: number, trials: number, level: number, method: BinomialMethod): [number, number] {
  const { lower, upper } = binomialInterval(successes, trials, level, method);
  if (lower === undefined || upper === undefined) throw new Error(`no interval for ${successes} of ${trials}`);
  return [lower, upper];
}

it("intervals of proportions agree with statsmodels to 1e-10", () => {
  expect(goldens.binomial.length).toBe(225);
  for (const { method, successes, trials, level, ...golden } of goldens.binomial) {
    const [lower, upper] = bounds(successes, trials, level, method);
    expect(Math.abs(lower - golden.lower), `lower of ${successes} of ${trials}, ${method}`).toBeLessThan(1e-10);
    expect(Math.abs(upper - golden.upper), `upper of ${successes} of ${trials}, ${method}`).toBeLessThan(1e-10);
  }
});

it("intervals of proportions have the values that R's help of binom.test prints and those of Newcombe's table of 1998", () => {
  const [lower, upper] = bounds(682, 682 + 243, 0.95, "clopper-pearson");
  expect(lower).toBeCloseTo(0.7076683, 7);
  expect(upper).toBeCloseTo(0.7654066, 7);
  // Statistics in Medicine 17, table I: score without, and exact.
  const table: [successes: number, trials: number, wilson: [number, number], exact: [number, number]][] = [
    [81, 263, [0.2553, 0.3662], [0.2527, 0.3676]],
    [15, 148, [0.0624, 0.1605], [0.0578, 0.1617]],
    [0, 20, [0, 0.1611], [0, 0.1684]],
    [1, 29, [0.0061, 0.1718], [0.0009, 0.1776]],
  ];
  for (const [successes, trials, wilson, exact] of table) {
    for (const [place, bound] of wilson.entries()) expect(bounds(successes, trials, 0.95, "wilson")[place]).toBeCloseTo(bound, 4);
    for (const [place, bound] of exact.entries()) expect(bounds(successes, trials, 0.95, "clopper-pearson")[place]).toBeCloseTo(bound, 4);
  }
});

describe.each(binomialMethods)("the %s interval of a proportion", (method) => {
  // Standard errors of 0 at 0% and 100% make others' intervals a point there.
  it("has a width where none or all succeed, and where there is one trial", () => {
    for (const trials of [1, 2, 10, 1000]) {
      expect(bounds(0, trials, 0.95, method)[0]).toBe(0);
      expect(bounds(0, trials, 0.95, method)[1]).toBeGreaterThan(1 / trials / 2);
      expect(bounds(trials, trials, 0.95, method)[0]).toBeLessThan(1 - 1 / trials / 2);
      expect(bounds(trials, trials, 0.95, method)[1]).toBe(1);
    }
  });

  it("is unavailable, with the reason, without trials", () => {
    expect(binomialInterval(0, 0, 0.95, method)).toMatchObject({
      estimate: Number.NaN,
      method,
      unavailable: "there are no examples (n = 0)",
    });
  });

  it("holds the estimate, mirrors, rises with the successes and widens with the level", () => {
    fc.assert(
      fc.property(counts, level, ([successes, trials], level) => {
        const [lower, upper] = bounds(successes, trials, level, method);
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(lower).toBeLessThanOrEqual(successes / trials);
        expect(upper).toBeGreaterThanOrEqual(successes / trials);
        expect(upper).toBeLessThanOrEqual(1);
        const mirrored = bounds(trials - successes, trials, level, method);
        expect(mirrored[0]).toBeCloseTo(1 - upper, 9);
        expect(mirrored[1]).toBeCloseTo(1 - lower, 9);
        const wider = bounds(successes, trials, level + (1 - level) / 2, method);
        expect(wider[0]).toBeLessThanOrEqual(lower);
        expect(wider[1]).toBeGreaterThanOrEqual(upper);
        if (successes === trials) return;
        const more = bounds(successes + 1, trials, level, method);
        expect(more[0]).toBeGreaterThanOrEqual(lower);
        expect(more[1]).toBeGreaterThanOrEqual(upper);
      }),
    );
  });

  it("takes huge numbers of trials", () => {
    const [lower, upper] = bounds(9_000_000, 10_000_000, 0.95, method);
    expect(upper - lower).toBeCloseTo(2 * 1.959964 * Math.sqrt((0.9 * 0.1) / 1e7), 6);
  });

  it("refuses what is no count and no level", () => {
    expect(() => binomialInterval(3, 2, 0.95, method)).toThrow("successes is 3; allowed: a whole number from 0 to 2 (trials)");
    expect(() => binomialInterval(0, -1, 0.95, method)).toThrow("trials is -1; allowed: a whole number from 0");
    expect(() => binomialInterval(1, 2, 1, method)).toThrow("level is 1; allowed: above 0 and below 1");
  });
});
