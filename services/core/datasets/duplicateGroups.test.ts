import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { carveValidation } from "./carveValidation.js";
import type { Example } from "./example.js";

const distinct = (counts: number[]): Example[] =>
  counts.flatMap((count, label) => Array.from({ length: count }, (_, row) => ({ text: `text ${label} ${row}`, label })));
const ofClass = (examples: Example[], label: number) => examples.filter((example) => example.label === label).length;
// Few words, so that duplicates and contradicting labels are common.
const messy: fc.Arbitrary<Example[]> = fc.array(
  fc.record({ text: fc.constantFrom("a", "A ", "b", "c", "d", "e", "ﬁ", "FI"), label: fc.integer({ min: 0, max: 2 }) }),
  { minLength: 1, maxLength: 40 },
);

describe("the groups of a validation split", () => {
  it("takes the fraction of every class", () => {
    const { train, validation } = carveValidation(distinct([1000, 200, 50]), 0.1, 3);
    expect([0, 1, 2].map((label) => ofClass(validation, label))).toEqual([100, 20, 5]);
    expect(train).toHaveLength(1125);
  });

  it("keeps duplicates on one side, whatever their case, spaces, Unicode form and label", () => {
    const copies: Example[] = [
      { text: "Straße  ﬁt", label: 0 },
      { text: " strasse fit", label: 1 },
      { text: "STRASSE\tFIT", label: 0 },
    ];
    const sides = new Set<number>();
    for (let seed = 0; seed < 200; seed++) {
      const { validation } = carveValidation([...copies, ...distinct([10, 10])], 0.3, seed);
      sides.add(validation.filter((example) => copies.includes(example)).length);
    }
    expect([...sides].toSorted((a, b) => a - b)).toEqual([0, 3]);
  });

  it("tells apart pairs that share their first sentence", () => {
    const pairs = Array.from({ length: 10 }, (_, row): Example => ({ text: "same", textPair: `other ${row}`, label: 0 }));
    expect(carveValidation(pairs, 0.5, 0).validation).toHaveLength(5);
  });

  it("gives small classes a place on both sides, and leaves a lone text in training", () => {
    for (const fraction of [0.01, 0.5, 0.99]) {
      const { train, validation } = carveValidation(distinct([100, 2, 1]), fraction, 1);
      expect([ofClass(train, 1), ofClass(validation, 1)]).toEqual([1, 1]);
      expect([ofClass(train, 2), ofClass(validation, 2)]).toEqual([1, 0]);
    }
  });

  it("gives the same parts for the same seed, others for another", () => {
    const examples = distinct([50, 50]);
    expect(carveValidation(examples, 0.2, 5)).toEqual(carveValidation(examples, 0.2, 5));
    expect(carveValidation(examples, 0.2, 5)).not.toEqual(carveValidation(examples, 0.2, 6));
  });

  it("loses and doubles no row, keeps their order, never splits duplicates and never empties training", () => {
    fc.assert(
      fc.property(messy, fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.maxSafeNat(), (examples, fraction, seed) => {
        const { train, validation } = carveValidation(examples, fraction, seed);
        const position = new Map(examples.map((example, row) => [example, row]));
        for (const part of [train, validation]) {
          const rows = part.map((example) => position.get(example) ?? -1);
          expect(rows).toEqual(rows.toSorted((a, b) => a - b));
        }
        expect(new Set([...train, ...validation]).size).toBe(examples.length);
        expect(train.length + validation.length).toBe(examples.length);
        expect(train.length).toBeGreaterThan(0);
        const fold = ({ text }: Example) => text.normalize("NFKC").toLowerCase().trim();
        const trained = new Set(train.map(fold));
        expect(validation.some((example) => trained.has(fold(example)))).toBe(false);
      }),
    );
  });

  it("refuses a fraction that is not between 0 and 1", () => {
    for (const fraction of [0, 1, -0.1, Number.NaN])
      expect(() => carveValidation([], fraction, 0)).toThrow(`fraction is ${fraction}; allowed: above 0 and below 1`);
  });
});
