import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { signFlipLattice } from "./signFlipLattice.js";

const { sign_flips: cases } = JSON.parse(
  readFileSync(new URL("../../../test/goldens/statistics/mean_test_goldens.json", import.meta.url), "utf8"),
) as { sign_flips: { values: number[]; pValue: number }[] };

it("the exact sign-flip test agrees with numpy, which goes through all signs, and with scipy's binomial distribution", () => {
  expect(cases.length).toBe(6);
  for (const { values, pValue } of cases) expect(signFlipLattice(values), values.join(" ")).toBeCloseTo(pValue, 12);
});

it("of nothing that differs it is 1, and turning all round changes nothing", () => {
  expect(signFlipLattice([])).toBe(1);
  expect(signFlipLattice([0, 0])).toBe(1);
  expect(signFlipLattice([-3, 1, -2])).toBe(signFlipLattice([3, -1, 2]));
});
