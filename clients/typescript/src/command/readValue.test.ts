import { describe, expect, it } from "vitest";
import { keyValues, setting, settings, strictNumber, wholeNumber } from "./readValue.js";

describe("strictNumber", () => {
  for (const [text, value] of Object.entries({
    "3": 3,
    " -0.5 ": -0.5,
    ".1": 0.1,
    "5e-5": 5e-5,
    "1E22": 1e22,
    "9007199254740991": 2 ** 53 - 1,
  }))
    it(`reads ${JSON.stringify(text)}`, () => expect(strictNumber("--rate", text)).toEqual({ value, violations: [] }));

  for (const text of ["", " ", "0x10", "1_000", "1,5", "NaN", "Infinity", "1e", "٣"])
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(strictNumber("--rate", text).violations).toMatchObject([{ field: "--rate", reason: "WRONG_TYPE" }]);
    });

  it("refuses what a number would round or cannot reach, quoting it as it was written", () => {
    expect(strictNumber("--rate", "9007199254740993").violations[0]?.description).toBe(
      '"9007199254740993" is out of range; allowed: -9007199254740991 to 9007199254740991',
    );
    expect(strictNumber("--rate", "1e309").violations[0]?.description).toMatch(/^"1e309" is too large/);
  });

  it("cuts what it quotes", () => {
    expect(strictNumber("--rate", "x".repeat(100_000)).violations[0]?.description.length).toBeLessThan(200);
  });
});

describe("wholeNumber", () => {
  it("quotes huge numbers exactly and says the range", () => {
    expect(wholeNumber("--seed", "-9007199254740993").violations[0]?.description).toBe(
      '"-9007199254740993" is out of range; allowed: -9007199254740991 to 9007199254740991',
    );
    expect(wholeNumber("--limit", "9007199254740993", 1).violations[0]?.description).toContain("allowed: 1 to 9007199254740991");
    expect(wholeNumber("--seed", "-9007199254740991")).toEqual({ value: -(2 ** 53) + 1, violations: [] });
    expect(wholeNumber("--limit", "0", 1).violations[0]?.description).toBe('"0" is not a whole number of at least 1');
  });
});

describe("keyValues", () => {
  it("takes every key, and refuses one that is given twice", () => {
    expect(Object.entries(keyValues("--job-label", ["a=b=c", "__proto__=x", "empty="]).value)).toEqual([
      ["a", "b=c"],
      ["__proto__", "x"],
      ["empty", ""],
    ]);
    for (const texts of [["a=1", "a=2"], ["__proto__=1", "__proto__=2"], ["=1"], ["a"]])
      expect(keyValues("--job-label", texts).violations).toMatchObject([{ field: "--job-label" }]);
  });
});

describe("setting", () => {
  it("is true or false, a number, else a text", () => {
    for (const [text, value] of [
      ["true", true],
      ["false", false],
      ["5e-5", 5e-5],
      ["1-sqrt", "1-sqrt"],
      ["", ""],
      ["True", "True"],
    ] as const)
      expect(setting("--wrap", text)).toEqual({ value, violations: [] });
  });

  it("refuses a number that would be rounded", () => {
    expect(settings("--wrap a", ["b=1", "c=9007199254740993"], ":").violations).toMatchObject([
      { field: "--wrap a:c", reason: "OUT_OF_RANGE" },
    ]);
  });
});
