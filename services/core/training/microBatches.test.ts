import { array, assert, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { microBatches } from "./microBatches.js";

describe("micro-batches", () => {
  it("put long sequences first and stay within the bound", () => {
    expect(microBatches([3, 9, 5, 20, 4], 12)).toEqual([[3], [1], [2, 4, 0]]);
  });

  it("hold every sequence once, within the bound unless one alone is longer", () => {
    assert(
      property(array(integer({ min: 1, max: 40 }), { minLength: 1 }), integer({ min: 1, max: 100 }), (lengths, bound) => {
        const batches = microBatches(lengths, bound);
        expect(batches.flat().toSorted((a, b) => a - b)).toEqual(lengths.map((_, index) => index));
        for (const batch of batches)
          expect(batch.length === 1 || batch.reduce((sum, index) => sum + (lengths[index] as number), 0) <= bound).toBe(true);
      }),
    );
  });
});
