import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { carveValidation } from "./carveValidation.js";
import type { Example } from "./example.js";

const many = (count: number, classes: number): Example[] =>
  Array.from({ length: count }, (_, index) => ({ text: `text ${index}`, label: index % classes }));

describe("a validation split cut from the training rows", () => {
  it("has its share of every class", () => {
    const { train, validation } = carveValidation(many(1000, 4), 0.2, 7);
    expect(train.length + validation.length).toBe(1000);
    for (let label = 0; label < 4; label++) {
      const share = validation.filter((example) => example.label === label).length / 250;
      expect(share).toBeGreaterThan(0.19);
      expect(share).toBeLessThan(0.21);
    }
  });

  it("is the same for the same seed, and another for another", () => {
    const texts = (seed: number) => carveValidation(many(200, 2), 0.25, seed).validation.map(({ text }) => text);
    expect(texts(1)).toEqual(texts(1));
    expect(texts(1)).not.toEqual(texts(2));
  });

  it("keeps texts that differ only in case and white space on one side", () => {
    const variants = (text: string) => [text, text.toUpperCase(), ` ${text} `];
    const examples = many(60, 2).flatMap(({ text, label }) => variants(text).map((variant) => ({ text: variant, label })));
    const { train, validation } = carveValidation(examples, 0.3, 3);
    const keys = new Set(train.map(({ text }) => text.trim().toLowerCase()));
    expect(validation.length).toBeGreaterThan(0);
    expect(validation.filter(({ text }) => keys.has(text.trim().toLowerCase()))).toEqual([]);
  });

  it("loses and doubles no row, whatever the rows", () => {
    const example = fc.record({ text: fc.string({ maxLength: 3 }), label: fc.nat(3) });
    fc.assert(
      fc.property(
        fc.array(example, { maxLength: 60 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.nat(1000),
        (examples, fraction, seed) => {
          const { train, validation } = carveValidation(examples, fraction, seed);
          const sorted = (rows: Example[]) => rows.map((row) => JSON.stringify(row)).toSorted();
          expect(sorted([...train, ...validation])).toEqual(sorted(examples));
        },
      ),
    );
  });
});
