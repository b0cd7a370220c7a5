import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { equivalenceFactor } from "./equivalencePower.js";

const goldens = JSON.parse(readFileSync(new URL("../../../test/goldens/comparisons/comparisons.json", import.meta.url), "utf8")) as {
  equivalence_factor: { above: number; below: number; alpha: number; power: number; factor: number }[];
};

it("what two one-sided tests need agrees with scipy's normal distribution to 1e-10", () => {
  expect(goldens.equivalence_factor.length).toBe(4);
  for (const { above, below, alpha, power, factor } of goldens.equivalence_factor)
    expect(Math.abs(equivalenceFactor(above, below, { alpha, power }) / factor - 1)).toBeLessThan(1e-10);
});

it("more data are needed where the estimate is close to the margin, and none where it is far from both", () => {
  const plan = { alpha: 0.05, power: 0.8 };
  expect(equivalenceFactor(0.1, 5, plan)).toBeGreaterThan(equivalenceFactor(1, 4, plan));
  expect(equivalenceFactor(Infinity, Infinity, plan)).toBe(0);
});
