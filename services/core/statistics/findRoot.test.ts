import fc from "fast-check";
import { expect, it } from "vitest";
import { findRoot } from "./findRoot.js";

it("a root is found to the last digits, whatever the function is like", () => {
  const shapes: ((x: number) => number)[] = [
    (x) => x ** 3,
    (x) => Math.expm1(20 * x),
    (x) => Math.atan(1000 * x),
    (x) => Math.sign(x) * Math.sqrt(Math.abs(x)),
    (x) => (x < 0 ? -1 : x + 1e-3),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...shapes), fc.double({ min: -3, max: 5, noNaN: true }), fc.boolean(), (shape, place, isFalling) => {
      const found = findRoot(-4, 6, (x) => (isFalling ? -1 : 1) * shape(x - place));
      // The cube is flat: where it is below the smallest number there is no telling.
      expect(Math.abs(found - place)).toBeLessThan(1e-6);
      if (shape !== shapes[0]) expect(Math.abs(found - place)).toBeLessThan(1e-14 * Math.max(1, Math.abs(place)) + 2e-15);
    }),
  );
});

it("a smooth function is looked at some ten times", () => {
  let looks = 0;
  findRoot(0, 3, (x) => (looks++, Math.cos(x) - x));
  expect(looks).toBeLessThan(12);
});

it("an end that is a root is one", () => {
  expect(findRoot(0, 1, (x) => x)).toBe(0);
  expect(findRoot(-1, 0, (x) => x)).toBe(0);
});

it("ends of the same sign are refused", () => {
  expect(() => findRoot(1, 2, (x) => x)).toThrow("the function is 1 at 1 and 2 at 2; allowed: opposite signs");
});
