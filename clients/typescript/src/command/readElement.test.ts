import { describe, expect, it } from "vitest";
import { readElement, readGroup } from "./readElement.js";

describe("readElement", () => {
  it("reads a name with or without hyperparameters", () => {
    expect(readElement("--element", "cautious")).toEqual({ value: { name: "cautious" }, violations: [] });
    expect(readElement("--element", "scale_by_adam:beta2=0.98,rectify=true,a=b=c").value).toEqual({
      name: "scale_by_adam",
      hyperparameters: { beta2: 0.98, rectify: true, a: "b=c" },
    });
  });

  for (const text of ["", " ", "lookahead:", ":a=1", "lookahead:a", "lookahead:a=1,", "lookahead:=1", "lookahead:a=1,,b=2"])
    it(`refuses ${JSON.stringify(text)} with the allowed form`, () => {
      expect(readElement("--wrap", text).violations).toEqual([
        {
          field: "--wrap",
          reason: "WRONG_TYPE",
          description: `${JSON.stringify(text)} is not of the form name or name:key=value,key=value, for example lookahead:lookahead_steps=5`,
        },
      ]);
    });

  it("refuses a key that is given twice and a number that would be rounded", () => {
    expect(readElement("--wrap", "lookahead:a=1,a=2,b=9007199254740993").violations).toMatchObject([
      { field: "--wrap lookahead", reason: "CONFLICT", description: '"a" is given twice: "1" and "2"' },
      { field: "--wrap lookahead:b", reason: "OUT_OF_RANGE" },
    ]);
  });

  it("takes __proto__ as a key like others", () => {
    const { value } = readElement("--wrap", "lookahead:__proto__=1");
    expect(Object.entries(value.hyperparameters ?? {})).toEqual([["__proto__", 1]]);
  });
});

describe("readGroup", () => {
  it("reads a pattern, which may have colons, and what is different for it", () => {
    expect(readGroup("bert.*:learning_rate_scale=0.1,decayed=false")).toEqual({
      value: { pattern: "bert.*", learningRateScale: 0.1, decayed: false },
      violations: [],
    });
    expect(readGroup("a:b:decayed=true").value).toEqual({ pattern: "a:b", decayed: true });
  });

  for (const text of ["", "bert.*", "bert.*:", ":decayed=true", "bert.*:decayed"])
    it(`refuses ${JSON.stringify(text)} with the allowed form`, () => {
      const { violations } = readGroup(text);
      expect(violations).toMatchObject([{ field: "--group", reason: "WRONG_TYPE" }]);
      expect(violations[0]?.description).toContain("is not of the form pattern:key=value,key=value, for example ");
    });

  it("refuses unknown keys and values of other types, all at once", () => {
    expect(readGroup("a:learning_rate_scale=fast,decayed=1,learningratescale=1").violations).toEqual([
      { field: "--group a:learning_rate_scale", reason: "WRONG_TYPE", description: '"fast" is not a number; allowed: 0 to 1000' },
      { field: "--group a:decayed", reason: "WRONG_TYPE", description: "1 is not allowed; allowed: true or false" },
      {
        field: "--group a",
        reason: "UNKNOWN_FIELD",
        description: 'a group has no "learningratescale" (did you mean "learning_rate_scale"?); allowed: learning_rate_scale, decayed',
      },
    ]);
  });
});
