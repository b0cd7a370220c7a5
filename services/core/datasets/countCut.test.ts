import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { carveValidation } from "./carveValidation.js";
import { countCut, emptyCutReason } from "./countCut.js";
import { buildInMemory, columns, jsonl } from "./testdata/tables.js";

const text = fc.constantFrom("a", "A ", "b", "c", "d", "e", "ﬁ", "FI", "Straße", "STRASSE");

describe("counting a cut", () => {
  it("gives the number of rows that cutting gives, from what an import keeps", async () => {
    const rows = fc.array(fc.record({ text, label: fc.integer({ min: 0, max: 3 }) }), { minLength: 2, maxLength: 40 });
    const fraction = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    await fc.assert(
      fc.asyncProperty(rows, fraction, fc.nat(100), async (examples, fraction, seed) => {
        const { dataset } = await buildInMemory({ files: [jsonl("train", examples)], columns });
        const split = dataset?.splits[0];
        if (!dataset || !split) return;
        const cut = carveValidation(split.examples, fraction, seed);
        const counted = countCut(split.grouped, dataset.classes.length, fraction, seed);
        expect(counted).toMatchObject({ train: cut.train.length, validation: cut.validation.length });
      }),
      { numRuns: 500 },
    );
  });

  it("says why a cut cannot work, naming each class, its rows, and what is needed", async () => {
    const examples = [
      { text: "same", label: "x" },
      { text: "SAME ", label: "x" },
      { text: "same", label: "x" },
      { text: "other", label: "y" },
    ];
    const { dataset } = await buildInMemory({ files: [jsonl("train", examples)], columns });
    const split = dataset?.splits[0];
    if (!dataset || !split) throw new Error("no data set");
    const counted = countCut(split.grouped, dataset.classes.length, 0.5, 0);
    expect(counted).toEqual({ train: 4, validation: 0, distinctTexts: [1, 1] });
    expect(emptyCutReason(counted, { name: "train", classes: dataset.classes, classCounts: split.classCounts })).toBe(
      'the split "train" cannot be cut in two: 4 rows would be left to train on and 0 to validate on, since copies of a text (letter case ' +
        "and white space aside) stay together, and a class needs two distinct texts to stand on both sides. " +
        '"x" has 3 rows of 1 distinct text, "y" has 1 row of 1 distinct text. Import more distinct texts, or a validation split',
    );
  });
});
