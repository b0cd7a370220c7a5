import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countCharacters, plain, quote } from "./quote.js";

describe("a quoted value", () => {
  it("stands as JSON writes it when it is short", () => {
    expect([quote("text"), quote('a "b"'), quote(7), quote(7n), quote(true), quote(null), quote(undefined)]).toEqual([
      '"text"',
      '"a \\"b\\""',
      "7",
      "7",
      "true",
      "null",
      "undefined",
    ]);
    expect([quote([1, 2n]), quote({ a: "b" }), quote(new Uint8Array(3))]).toEqual(['[1,"2"]', '{"a":"b"}', "3 bytes"]);
  });

  it("is cut at 80 characters, whole ones, and tells its length", () => {
    expect(quote("x".repeat(3_000_000))).toBe(`"${"x".repeat(80)}…" (3000000 characters)`);
    expect(quote("😀".repeat(100))).toBe(`"${"😀".repeat(80)}…" (100 characters)`);
    expect(quote("x".repeat(80))).toBe(`"${"x".repeat(80)}"`);
    expect(quote({ a: "y".repeat(100) })).toBe(`{"a":"${"y".repeat(74)}…`);
  });

  it("is told in words when it is too deep to be written", () => {
    expect(quote(JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`))).toBe("a deeply nested value");
  });

  it("holds nothing that a terminal acts on or a reader does not see", () => {
    expect(quote("\u001b[31mred\u0007\n")).toBe('"\\u001b[31mred\\u0007\\n"');
    expect(quote("\u009b31m\u202eabc\u2028\u200b")).toBe('"\\u009b31m\\u202eabc\\u2028\\u200b"');
    expect(plain("a\u001b]0;b")).toBe("a\\u001b]0;b");
    expect(quote(["\u009b"])).toBe('["\\u009b"]');
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.jsonValue()), (value) => {
        const text = quote(value);
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Surrogate}\p{Zl}\p{Zp}]/u);
        expect(text.length).toBeLessThan(1200);
      }),
    );
  });
});

it("counts characters as code points", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(countCharacters(text)).toBe(Array.from(text).length);
    }),
  );
  expect(countCharacters("a😀\ud800")).toBe(3);
});
