import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { examplesNeeded, minimumDetectableDifference } from "./pairedPower.js";

const goldens = JSON.parse(readFileSync(new URL("../../../test/goldens/statistics/goldens.json", import.meta.url), "utf8")) as {
  power: { disagreement: number; difference: number; alpha: number; power: number; examples: number; reached: number }[];
};

describe("the examples that a comparison needs", () => {
  it("are those with which McNemar's exact test reaches its power, summed over all outcomes by scipy", () => {
    expect(goldens.power.length).toBe(5);
    for (const { difference, examples, reached, ...plan } of goldens.power) {
      expect(examplesNeeded(difference, plan)).toBe(examples);
      expect(reached).toBeGreaterThanOrEqual(plan.power);
      expect(reached).toBeLessThan(plan.power + 0.03);
    }
  });

  const plan = fc.record({
    disagreement: fc.double({ min: 0.01, max: 1, noNaN: true }),
    alpha: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
    power: fc.double({ min: 0.5, max: 0.99, noNaN: true }),
  });

  it("are the inverse of the difference that they detect", () => {
    fc.assert(
      fc.property(plan, fc.double({ min: 0.05, max: 1, noNaN: true }), (plan, share) => {
        const difference = share * plan.disagreement;
        const examples = examplesNeeded(difference, plan);
        expect(minimumDetectableDifference(examples, plan)).toBeLessThanOrEqual(difference * (1 + 1e-9));
        if (examples > 1) expect(minimumDetectableDifference(examples - 1, plan)).toBeGreaterThanOrEqual(difference * (1 - 1e-9));
        expect(examplesNeeded(-difference, plan)).toBe(examples);
      }),
    );
  });

  it("are too many where even a difference as large as the disagreement would not be seen", () => {
    expect(minimumDetectableDifference(3, { disagreement: 0.05, alpha: 0.05, power: 0.8 })).toBe(Infinity);
  });

  it("are refused for plans that are none", () => {
    const plan = { disagreement: 0.1, alpha: 0.05, power: 0.8 };
    expect(() => examplesNeeded(0.2, plan)).toThrow("difference is 0.2; allowed: not 0, and between -0.1 and 0.1 (disagreement)");
    expect(() => examplesNeeded(0, plan)).toThrow(RangeError);
    expect(() => examplesNeeded(0.1, { ...plan, power: 0.3 })).toThrow("power is 0.3; allowed: at least 0.5 and below 1");
    expect(() => minimumDetectableDifference(0, plan)).toThrow("examples is 0");
    expect(() => minimumDetectableDifference(9, { ...plan, alpha: 0 })).toThrow("alpha is 0");
    expect(() => minimumDetectableDifference(9, { ...plan, disagreement: 0 })).toThrow("disagreement is 0");
  });
});
