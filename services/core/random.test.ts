import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { philox4x32, randomBits, shuffledIndices } from "./random.js";

describe("philox4x32", () => {
  // Random123, tests/kat_vectors, lines "philox4x32 10".
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)("gives the published words for counter %j and key %j", (counter, key, expected) => {
    expect(philox4x32(counter, key)).toEqual(expected);
  });
});

describe("randomBits", () => {
  it("is a function of seed, purpose and counter alone", () => {
    const forwards = [0, 1, 2, 3, 4, 5].map((counter) => randomBits(7, "test", counter));
    const backwards = [5, 4, 3, 2, 1, 0].map((counter) => randomBits(7, "test", counter)).toReversed();
    expect(forwards).toEqual(backwards);
    expect(new Set(forwards).size).toBe(6);
  });

  it("separates purposes, and seeds that differ above 32 bits", () => {
    expect(randomBits(7, "a", 0)).not.toBe(randomBits(7, "b", 0));
    expect(randomBits(1, "a", 0)).not.toBe(randomBits(1 + 2 ** 32, "a", 0));
  });

  it("refuses a seed or counter that is not a whole number from 0 to 2^53 - 1", () => {
    expect(() => randomBits(-1, "a", 0)).toThrow("seed is -1; allowed: a whole number from 0 to 9007199254740991");
    expect(() => randomBits(0, "a", 0.5)).toThrow("counter is 0.5");
    expect(() => randomBits(2 ** 53, "a", 0)).toThrow(RangeError);
  });
});

describe("shuffledIndices", () => {
  it("is a permutation, the same one each time", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.maxSafeNat(), (n, seed) => {
        const order = shuffledIndices(n, seed, "test");
        expect(order).toEqual(shuffledIndices(n, seed, "test"));
        expect([...order].toSorted((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, index) => index));
      }),
    );
  });

  it("gives every permutation of four equally often", () => {
    const counts = new Map<string, number>();
    const draws = 24_000;
    for (let seed = 0; seed < draws; seed++) {
      const order = shuffledIndices(4, seed, "test").join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    const expected = draws / 24;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(counts.size).toBe(24);
    // The 0.999 quantile of chi-square with 23 degrees of freedom.
    expect(chiSquare).toBeLessThan(49.73);
  });

  it("refuses a negative count", () => {
    expect(() => shuffledIndices(-1, 0, "test")).toThrow("n is -1");
  });
});
