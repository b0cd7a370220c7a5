import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalDigest } from "./canonicalDigest.js";

describe("a canonical digest", () => {
  it("does not depend on the order of keys, at any depth", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.dictionary(fc.string(), fc.integer())), (value) => {
        const reversed = Object.fromEntries(
          Object.entries(value)
            .toReversed()
            .map(([key, inner]) => [key, Object.fromEntries(Object.entries(inner).toReversed())]),
        );
        expect(canonicalDigest(reversed)).toBe(canonicalDigest(value));
      }),
    );
  });

  it("is the SHA-256 of the sorted JSON", () => {
    // printf '{"a":[2,1],"b":1}' | sha256sum
    expect(canonicalDigest({ b: 1, a: [2, 1] })).toBe("96cdeb5c78442219cb2cce1e0c5803b330d6a126f5e3eb79b1c9f3eb7e00e911");
    expect(canonicalDigest([2, 1])).not.toBe(canonicalDigest([1, 2]));
  });
});
