import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeExamples, encodeExamples } from "./encodeExamples.js";
import type { Example } from "./example.js";
import { lengthHistogram } from "./lengthHistogram.js";
import { datasetDigest, splitDigest } from "./splitDigest.js";

describe("encodeExamples", () => {
  it("writes one object a line, with its keys in a fixed order", () => {
    const bytes = encodeExamples([
      { label: 1, text: 'a "b"\n' },
      { label: 0, textPair: "ä", text: "c" },
    ]);
    expect(Buffer.from(bytes).toString("utf8")).toBe('{"text":"a \\"b\\"\\n","label":1}\n{"text":"c","text_pair":"ä","label":0}\n');
  });

  it("gives back every example", () => {
    const example = fc.record(
      { text: fc.string({ unit: "binary" }), textPair: fc.string({ unit: "binary" }), label: fc.nat(50) },
      { requiredKeys: ["text", "label"] },
    ) as fc.Arbitrary<Example>;
    fc.assert(
      fc.property(fc.array(example), (examples) => {
        expect(decodeExamples(encodeExamples(examples))).toEqual(examples.map((one) => ({ ...one })));
      }),
    );
  });

  it("names the line of what is no example", () => {
    expect(() => decodeExamples(Buffer.from('{"text":"a","label":0}\n{"text":"a"}\n'))).toThrow("line 2 is not an example");
  });
});

describe("splitDigest", () => {
  it("depends on texts, label names and order, not on class ids", () => {
    const rows: Example[] = [
      { text: "a", label: 0 },
      { text: "b", label: 1 },
    ];
    const digest = splitDigest(rows, ["no", "yes"]);
    expect(
      splitDigest(
        [
          { text: "a", label: 1 },
          { text: "b", label: 2 },
        ],
        ["maybe", "no", "yes"],
      ),
    ).toBe(digest);
    expect(splitDigest(rows, ["yes", "no"])).not.toBe(digest);
    expect(splitDigest(rows.toReversed(), ["no", "yes"])).not.toBe(digest);
  });

  it("refuses a label that is no class", () => expect(() => splitDigest([{ text: "a", label: 2 }], ["no", "yes"])).toThrow("label is 2"));
});

describe("datasetDigest", () => {
  it("does not depend on the order of the splits", () => {
    const splits = [
      { name: "train", digest: "1" },
      { name: "test", digest: "2" },
    ];
    expect(datasetDigest(["a"], splits)).toBe(datasetDigest(["a"], splits.toReversed()));
    expect(datasetDigest(["a"], splits)).not.toBe(datasetDigest(["b"], splits));
  });
});

describe("lengthHistogram", () => {
  it("counts in buckets that double, up to the longest", () => {
    expect(lengthHistogram([0, 8, 9, 16, 17, 100])).toEqual([
      { atMost: 8, rows: 2 },
      { atMost: 16, rows: 2 },
      { atMost: 32, rows: 1 },
      { atMost: 64, rows: 0 },
      { atMost: 128, rows: 1 },
    ]);
    expect(lengthHistogram([])).toEqual([]);
  });
});
