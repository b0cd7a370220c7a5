import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inspectModel } from "./inspectModel.js";
import { packBatch } from "./packBatch.js";
import { loadCompletionTokenizer, loadTokenizer, longestFirst } from "./tokenizer.js";

// Token ids equal to transformers' are in test/parity.

const golden = (name: string) => fileURLToPath(new URL(`../../../test/parity/goldens/${name}`, import.meta.url));
const tiny = golden("tiny-bert");

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

  it("refuses a maximum that the special tokens fill, beside a pair only where there is one", async () => {
    const filled = "training_job.max_length: 2 is out of range: the tokenizer puts 2 special tokens beside a text; allowed: at least 3";
    await expect(loadTokenizer(tiny, 2)).rejects.toThrow(filled);
    const encode = await loadTokenizer(tiny, 3);
    expect(encode("good film").ids).toHaveLength(3);
    expect(() => encode("good", "film")).toThrow(
      "3 is out of range: the tokenizer puts 3 special tokens beside a pair; allowed: at least 4",
    );
    await expect(loadCompletionTokenizer(golden("tiny-llama"), 2, {})).rejects.toThrow(
      "2 is out of range: the tokenizer puts 1 special token before a text; allowed: at least 3",
    );
  });
});

describe("a text that no token is left of", () => {
  let folder = "";
  /** A GPT-2 whose tokenizer drops every x. */
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "stepwire-no-token-"));
    await cp(golden("tiny-gpt2"), folder, { recursive: true });
    const path = join(folder, "tokenizer.json");
    const json = JSON.parse(await readFile(path, "utf8")) as object;
    await writeFile(path, JSON.stringify({ ...json, normalizer: { type: "Replace", pattern: { String: "x" }, content: "" } }));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("is refused by where it is from and what it says", async () => {
    const { config } = await inspectModel(folder, "model");
    const encode = await loadTokenizer(folder, 32, { config });
    expect(encode.refuses).toBe(true);
    expect(encode("good x").ids).toEqual(encode("good ").ids);
    expect(() => encode("xx", undefined, { field: "inputs[3].text" })).toThrow('inputs[3].text: "xx" becomes no token');
    expect(() => encode("x", "xx", { field: "training_job.dataset", name: "row 2" })).toThrow('row 2, "x" with "xx" becomes no token');
    expect(encode("x", "good").ids.length).toBeGreaterThan(0);
    expect((await loadTokenizer(tiny, 32)).refuses).toBe(false);
  });

  it("is no completion, and neither is one token with nothing before it", async () => {
    const { config } = await inspectModel(folder, "model");
    const ending = await loadCompletionTokenizer(folder, 32, { config });
    const endless = await loadCompletionTokenizer(folder, 32, { config: { ...config, endTokens: [] } as typeof config });
    expect(() => ending("", "xx")).toThrow('"xx" has one token with nothing before it');
    expect(ending("", "a")).toMatchObject({ completion: 1, encoding: { ids: { length: 2 } } });
    expect(ending("a", "x")).toMatchObject({ completion: 1, encoding: { ids: { length: 2 } } });
    expect(() => endless("", "x", { field: "f", name: "row 1" })).toThrow('f: row 1, "x" becomes no token');
    expect(() => endless("good film", "x")).toThrow('"x" becomes no token');
    expect(() => endless("", "a", { field: "f", name: "row 5" })).toThrow('f: row 5, "a" has one token with nothing before it');
    expect(endless("a", "a")).toMatchObject({ completion: 1 });
  });

  it("never gets its neighbour's rows in a batch", async () => {
    const { config } = await inspectModel(folder, "model");
    const one = { ids: [1], types: [0] };
    expect(() => packBatch([one, { ids: [], types: [] }, one], config)).toThrow("sequence 1 of 3 has no token");
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
