import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { loadTokenizer, longestFirst } from "./tokenizer.js";

// Token ids equal to transformers' are in test/parity.

const tiny = fileURLToPath(new URL("../../../test/parity/goldens/tiny-bert", import.meta.url));

describe("the tokenizer", () => {
  it("cuts a text to the maximum, special tokens included and kept", async () => {
    const long = "a good film ".repeat(20);
    const [whole, cut] = [(await loadTokenizer(tiny, 64))(long), (await loadTokenizer(tiny, 10))(long)];
    expect(whole.ids.length).toBe(62);
    expect(cut.ids.length).toBe(10);
    expect(cut.ids.at(-1)).toBe(whole.ids.at(-1));
    expect(cut.ids.slice(0, 9)).toEqual(whole.ids.slice(0, 9));
  });

  it("marks the second text of a pair, even an empty one", async () => {
    const encode = await loadTokenizer(tiny, 64);
    expect(encode("a film", "good").types).toEqual([0, 0, 0, 0, 1, 1]);
    expect(encode("a film", "").types).toEqual([0, 0, 0, 0, 1]);
  });

  it("refuses a maximum that the special tokens fill", async () => {
    await expect(loadTokenizer(tiny, 3)).rejects.toThrow("maxLength is 3; the special tokens alone take 3");
  });
});

describe("cutting a pair, longest first", () => {
  // Lengths that the Rust tokenizers library leaves (its `truncate_encodings`, strategy LongestFirst).
  it.each([
    [4, 5, 9, [4, 5]],
    [4, 9, 10, [4, 6]],
    [9, 4, 10, [6, 4]],
    [8, 9, 11, [5, 6]],
    [9, 8, 11, [6, 5]],
    [7, 7, 5, [2, 3]],
  ])("%i and %i tokens into %i", (first, second, room, kept) => {
    expect(longestFirst(first, second, room)).toEqual(kept);
  });
});
