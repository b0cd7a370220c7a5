import { expect, it } from "vitest";
import { quoteToken } from "./quoteToken.js";

it("escapes what terminals act on, and cuts what is long", () => {
  expect(quoteToken("\u001b[31m\u202ex")).toBe(String.raw`"\u001b[31m\u202ex"`);
  expect(quoteToken("a".repeat(101))).toBe(`"${"a".repeat(100)}…"`);
  expect(quoteToken('say "é"')).toBe(String.raw`"say \"é\""`);
});
