import { describe, expect, it } from "vitest";
import { meanTest } from "../statistics/meanTest.js";
import { signFlipLattice } from "../statistics/signFlipLattice.js";
import { meanEvidence } from "./meanEvidence.js";

const unit = { least: -1, most: 1 };
const plan = { level: 0.95, levels: [0.95], margin: 0.02 };
/** Of so many examples the first few are lost by all seeds. */
const lost = (seeds: number, count: number, examples = 386) =>
  Array.from({ length: seeds }, () => Float64Array.from({ length: examples }, (_, index) => (index < count ? -1 : 0)));

describe("evidence of a mean", () => {
  it("is what the test of the mean says", () => {
    const row = Array.from({ length: 50 }, (_, index) => Math.sin(index) / 2 + 0.1);
    const test = meanTest([row], unit);
    if (!test) return expect.unreachable();
    const found = meanEvidence([row], unit, plan);
    expect(found).toMatchObject({ test: "t test with restricted likelihood", pValue: 2 * test.tail(0), standardError: test.standardError });
    expect(found.equivalenceP).toBe(Math.max(1 - test.tail(0.02), test.tail(-0.02)));
    expect(found.interval(0.95)).toMatchObject({ ...test.bounds(0.95), about: "examples", method: "restricted likelihood, t" });
    expect(() => found.interval(0.9)).toThrow("level is 0.9; allowed: 0.95");
  });

  it("of few examples that differ is judged by the exact test, where that is the more cautious", () => {
    const found = meanEvidence(lost(5, 4), unit, plan, true);
    expect(found).toMatchObject({ test: "exact sign-flip test of examples", pValue: signFlipLattice([5, 5, 5, 5]) });
    expect(found.pValue).toBe(0.125);
    expect(meanEvidence(lost(5, 4), unit, plan).pValue).toBeLessThan(0.06);
  });

  it("never makes EQUIVALENT likelier by a difference, on the way from the same outcomes to ever more examples lost", () => {
    for (const seeds of [1, 2, 3, 5, 10]) {
      const found = Array.from({ length: 16 }, (_, count) => meanEvidence(lost(seeds, count), unit, plan, true));
      const equal = found.map(({ equivalenceP = 0 }) => equivalenceP);
      expect(equal).toEqual(equal.toSorted((a, b) => a - b));
      const different = found.map(({ pValue }) => pValue);
      expect(different).toEqual(different.toSorted((a, b) => b - a));
    }
  });

  it("changes little by one outcome of 1,930", () => {
    const same = meanEvidence(lost(5, 0), unit, plan, true);
    const rows = lost(5, 0);
    (rows[2] as Float64Array)[7] = -1;
    const one = meanEvidence(rows, unit, plan, true);
    expect(same.equivalenceP).toBeGreaterThan(0.001);
    expect((one.equivalenceP ?? 0) / (same.equivalenceP ?? 1)).toBeGreaterThan(1);
    expect((one.equivalenceP ?? 0) / (same.equivalenceP ?? 1)).toBeLessThan(1.5);
  });

  it("of the same outcomes says as much of several seeds as of one model", () => {
    const [one, five] = [meanEvidence(lost(1, 0), unit, plan, true), meanEvidence(lost(5, 0), unit, plan, true)];
    expect(five.equivalenceP).toBeCloseTo(one.equivalenceP ?? 0, 12);
  });

  it("is there where one method is always right and the other always wrong", () => {
    const rows = Array.from({ length: 5 }, () => new Float64Array(20).fill(1));
    expect(meanEvidence(rows, unit, plan, true)).toMatchObject({ estimate: 1, pValue: expect.closeTo(0.0003, 4) });
  });

  it("of one example is none", () => {
    const found = meanEvidence([[0.5]], unit, plan);
    expect(found).toMatchObject({ estimate: 0.5, pValue: 1, equivalenceP: 1 });
    expect(found.interval(0.95).unavailable).toContain("there is one example");
  });
});
