import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { pairedEvidence } from "./meanEvidence.js";

const goldens = JSON.parse(readFileSync(new URL("../../../test/goldens/comparisons/comparisons.json", import.meta.url), "utf8")) as {
  paired_t: {
    first: number[];
    second: number[];
    margin: number;
    difference: number;
    lower: number;
    upper: number;
    pValue: number;
    equivalenceP: number;
  }[];
};

it("paired t tests agree with scipy's to 1e-9", () => {
  expect(goldens.paired_t).toHaveLength(4);
  for (const golden of goldens.paired_t) {
    const found = pairedEvidence(golden.first.map((value, index) => value - (golden.second[index] as number)));
    expect(found.estimate).toBeCloseTo(golden.difference, 12);
    expect(found.interval(0.95).lower).toBeCloseTo(golden.lower, 9);
    expect(found.interval(0.95).upper).toBeCloseTo(golden.upper, 9);
    expect(Math.abs(found.pValue / golden.pValue - 1)).toBeLessThan(1e-9);
    expect(Math.abs(found.equivalenceP(golden.margin) / golden.equivalenceP - 1)).toBeLessThan(1e-9);
  }
});
