import { describe, expect, it } from "vitest";
import { targetNumber } from "./targetNumber.js";

describe("a regression's target", () => {
  it.each([
    ["3", 3],
    [" -0.5 ", -0.5],
    ["+2.", 2],
    [".25", 0.25],
    ["1e-3", 1e-3],
    ["1E5", 1e5],
    ["-0", 0],
    ["007", 7],
  ])("may be %o", (text, number) => {
    expect(targetNumber(text)).toEqual({ number });
  });

  it.each(["0x10", "0b11", "0o17", "1_000", "1,5", "Infinity", "NaN", "1e400", ".", "1e", "--1"])("may not be %o", (text) => {
    expect(targetNumber(text)).toMatchObject({
      reason: "NOT_A_NUMBER",
      problem: expect.stringContaining("allowed: decimal numbers") as string,
    });
  });
});
