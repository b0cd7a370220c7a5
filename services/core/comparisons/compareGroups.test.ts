import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { corrections } from "../statistics/multipleTesting.js";
import { compareGroups } from "./compareGroups.js";
import type { ComparisonSettings, ComparisonGroup, Verdict } from "./comparison.js";
import { model, models, pairOf, settings, two } from "./testing/models.js";

const goldens = JSON.parse(readFileSync(new URL("../../../test/goldens/comparisons/comparisons.json", import.meta.url), "utf8")) as {
  accuracy: { outcomes: number[][]; margin: number; q: number; qPValue: number; pairs: GoldenPair[] }[];
};
interface GoldenPair {
  first: string;
  second: string;
  difference: number;
  lower: number;
  upper: number;
  together: [number, number];
  pValue: number;
  midP: number;
  equivalenceP: number;
  h: number;
  holm: number;
  "benjamini-hochberg": number;
}

const turned: Record<Verdict, Verdict> = { BETTER: "WORSE", WORSE: "BETTER", EQUIVALENT: "EQUIVALENT", INCONCLUSIVE: "INCONCLUSIVE" };

/** The same examples for a few models. */
const outcomes = fc
  .tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 120 }))
  .chain(([count, examples]) =>
    fc.array(fc.array(fc.constantFrom(0, 1), { minLength: examples, maxLength: examples }), { minLength: count, maxLength: count }),
  );
const margins = fc.option(fc.double({ min: 0.001, max: 0.5, noNaN: true }), { nil: undefined });

describe("comparisons of accuracies", () => {
  it.each(corrections)(
    "agree with statsmodels and scipy: McNemar, Tango, two one-sided tests, Cohen's h, Cochran's Q, %s",
    (correction) => {
      expect(goldens.accuracy).toHaveLength(3);
      for (const golden of goldens.accuracy) {
        const found = compareGroups(models(golden.outcomes), { ...settings, margin: golden.margin, correction });
        expect(found.pairs.map(({ first, second }) => [first, second])).toEqual(golden.pairs.map(({ first, second }) => [first, second]));
        for (const [index, pair] of found.pairs.entries()) {
          const expected = golden.pairs[index] as GoldenPair;
          expect(pair.difference).toMatchObject({ level: 0.95, method: "tango", about: "examples" });
          expect(pair.difference.estimate).toBeCloseTo(expected.difference, 12);
          expect(pair.difference.lower).toBeCloseTo(expected.lower, 6);
          expect(pair.difference.upper).toBeCloseTo(expected.upper, 6);
          if (found.pairs.length > 1) {
            expect(pair.simultaneousDifference?.lower).toBeCloseTo(expected.together[0], 6);
            expect(pair.simultaneousDifference?.upper).toBeCloseTo(expected.together[1], 6);
          }
          expect(Math.abs(pair.pValue / expected.pValue - 1)).toBeLessThan(1e-9);
          expect(Math.abs((pair.midP ?? 0) / expected.midP - 1)).toBeLessThan(1e-9);
          expect(Math.abs(pair.correctedP / expected[correction] - 1)).toBeLessThan(1e-9);
          expect(pair.equivalenceP).toBeCloseTo(expected.equivalenceP, 6);
          expect(pair.effectSize?.estimate).toBeCloseTo(expected.h, 12);
        }
        if (golden.outcomes.length === 2) expect(found.overall).toBeUndefined();
        else {
          expect(found.overall?.q).toBeCloseTo(golden.q, 9);
          expect(Math.abs((found.overall?.pValue ?? 0) / golden.qPValue - 1)).toBeLessThan(1e-9);
        }
      }
    },
  );

  it("turn round with the groups: BETTER becomes WORSE, intervals are mirrored, and p stays", () => {
    fc.assert(
      fc.property(outcomes, margins, (columns, margin) => {
        const [a, b] = models(columns) as [ComparisonGroup, ComparisonGroup];
        const with_ = margin === undefined ? {} : { margin };
        const [ahead, back] = [pairOf([a, b], with_), pairOf([b, a], with_)];
        expect(back.verdict).toBe(turned[ahead.verdict]);
        expect(back.pValue).toBe(ahead.pValue);
        expect(back.equivalenceP === undefined).toBe(margin === undefined);
        expect(back.equivalenceP ?? 0).toBeCloseTo(ahead.equivalenceP ?? 0, 9);
        expect(back.difference.estimate).toBeCloseTo(-ahead.difference.estimate, 12);
        expect(back.difference.lower).toBeCloseTo(-(ahead.difference.upper ?? Number.NaN), 9);
        expect(back.difference.upper).toBeCloseTo(-(ahead.difference.lower ?? Number.NaN), 9);
        expect(back.needed?.examples).toBe(ahead.needed?.examples);
      }),
    );
    // Where both roots of Tango's quadratic fall together, a margin apart from the observed difference by rounding alone moves nothing.
    for (const margin of [0.4999999246978027, 0.5]) {
      const [a, b] = models([
        [0, 0, 0],
        [0, 1, 1],
      ]) as [ComparisonGroup, ComparisonGroup];
      expect(pairOf([b, a], { margin }).equivalenceP).toBe(pairOf([a, b], { margin }).equivalenceP);
    }
  });

  it("do not hang on the order of the examples", () => {
    fc.assert(
      fc.property(outcomes, margins, fc.integer(), (columns, margin, shift) => {
        const length = columns[0]?.length ?? 1;
        const moved = columns.map((values) => values.map((_, index) => values[(index + Math.abs(shift)) % length] as number).toReversed());
        const with_ = { ...settings, ...(margin !== undefined && { margin }) };
        expect(compareGroups(models(moved), with_)).toEqual(compareGroups(models(columns), with_));
      }),
    );
  });

  // Benjamini and Hochberg's correction has no such order: a new pair with a tiny p moves the others up in rank.
  it("become no surer by another group", () => {
    fc.assert(
      fc.property(outcomes, (columns) => {
        const all = compareGroups(models(columns), settings).pairs;
        for (const pair of compareGroups(models(columns.slice(0, -1).length < 2 ? columns : columns.slice(0, -1)), settings).pairs) {
          const among = all.find(({ first, second }) => first === pair.first && second === pair.second);
          expect(among?.correctedP).toBeGreaterThanOrEqual(pair.correctedP);
          expect(among?.pValue).toBe(pair.pValue);
        }
      }),
    );
  });

  it("give verdicts that the corrected p, the margin and the sign of the difference carry", () => {
    fc.assert(
      fc.property(outcomes, margins, (columns, margin) => {
        for (const pair of compareGroups(models(columns), { ...settings, ...(margin !== undefined && { margin }) }).pairs) {
          const equal = (pair.correctedEquivalenceP ?? 1) < 0.05;
          const differs = pair.correctedP < 0.05;
          if (equal) expect(pair.verdict).toBe("EQUIVALENT");
          else if (!differs) expect(pair.verdict).toBe("INCONCLUSIVE");
          else expect(pair.verdict).toBe(pair.difference.estimate > 0 ? "BETTER" : "WORSE");
          expect(pair.needed === undefined).toBe(pair.verdict !== "INCONCLUSIVE");
        }
      }),
    );
  });

  it("say so wherever interval and verdict seem to contradict each other", () => {
    fc.assert(
      fc.property(outcomes, margins, (columns, margin) => {
        for (const { verdict, reason, difference } of compareGroups(models(columns), {
          ...settings,
          ...(margin !== undefined && { margin }),
        }).pairs) {
          const { lower = Number.NaN, upper = Number.NaN } = difference;
          const leavesOutZero = lower > 0 || upper < 0;
          const isWithin = margin !== undefined && lower > -margin && upper < margin;
          expect(reason.includes("the interval leaves out 0")).toBe(verdict === "INCONCLUSIVE" && leavesOutZero);
          expect(reason.includes("the interval holds 0")).toBe((verdict === "BETTER" || verdict === "WORSE") && !leavesOutZero);
          expect(reason.includes("the interval that belongs to these tests")).toBe(verdict === "EQUIVALENT" && !isWithin);
          expect(reason.includes("the interval lies within the margin")).toBe(verdict !== "EQUIVALENT" && isWithin);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("compare each group with the reference only, where there is one", () => {
    const { pairs, reference } = compareGroups(
      models([
        [1, 0, 1],
        [1, 1, 1],
        [0, 0, 1],
      ]),
      { ...settings, reference: "group 1" },
    );
    expect(pairs.map(({ first, second }) => [first, second])).toEqual([
      ["group 0", "group 1"],
      ["group 2", "group 1"],
    ]);
    expect(reference).toBe("group 1");
  });

  it("use Newcombe's interval where it is asked for", () => {
    // Published values of Fagerland, Lydersen and Laake, 2014.
    const { difference } = pairOf(two(1, 1, 7, 12), { interval: "newcombe" });
    expect(difference).toMatchObject({ method: "newcombe" });
    expect(difference.lower).toBeCloseTo(-0.507, 3);
    expect(difference.upper).toBeCloseTo(-0.026, 3);
  });
});

it("what does not fit together is refused all at once", () => {
  const groups = [model("a", [1, 0]), model("a", [1]), { name: "b", evaluations: [] }];
  const wrong = { ...settings, level: 1, margin: 2, reference: "c" };
  expect(() => compareGroups(groups, wrong)).toThrow(
    [
      'reference: "c" is not known; allowed: a, a, b',
      "level: 1 is out of range; allowed: above 0.5 and below 1",
      "margin: 2 is out of range; allowed: above 0 and below 1",
      'two groups are called "a"; every group needs a name of its own',
      'an evaluation of group "a" has 1 examples, the first one 2',
      'group "b" has no evaluation',
    ].join("\n"),
  );
  expect(() => compareGroups([model("a", [1])], settings)).toThrow("there are 1 groups; at least two are needed");
  expect(() => compareGroups([model("a", []), model("b", [])], settings)).toThrow('an evaluation of group "a" has no examples');
  expect(() => compareGroups([model("a", [0.5]), model("b", [1])], settings)).toThrow(
    'an outcome of group "a" is 0.5; allowed: 0 (wrong) and 1 (right)',
  );
});

it("a margin that no difference can reach, and a level that anything passes, are refused", () => {
  const groups = [model("a", [1, 0]), model("b", [1, 1])];
  const fault = (more: Partial<ComparisonSettings>) => () => compareGroups(groups, { ...settings, ...more });
  expect(fault({ metric: "brier", margin: 3 })).toThrow(
    "margin: 3 is out of range; allowed: above 0 and below 2, by which no two can differ more",
  );
  expect(fault({ metric: "matthews_correlation", margin: 5 })).toThrow("margin: 5 is out of range; allowed: above 0 and below 2");
  expect(fault({ margin: 1 })).toThrow("margin: 1 is out of range; allowed: above 0 and below 1");
  expect(fault({ metric: "loss", margin: Infinity })).toThrow("margin: Infinity is out of range; allowed: a finite number above 0");
  for (const level of [0.5, 0.05, 0, Number.NaN]) expect(fault({ level })).toThrow(`level: ${level} is out of range`);
});

describe("seeds", () => {
  const outcomes = (seed: number, share: number) =>
    Array.from({ length: 200 }, (_, index) => (Math.abs(Math.sin(seed * 91 + index * 7)) < share + 0.05 * seed ? 1 : 0));
  const group = (name: string, share: number, seeds: readonly number[]) => ({
    name,
    seeds,
    evaluations: seeds.map((seed) => ({ kind: "mean" as const, values: outcomes(seed, share) })),
  });

  it("pair two groups whatever the order in which they come", () => {
    const found = (first: readonly number[], second: readonly number[]) =>
      compareGroups([group("a", 0.6, first), group("b", 0.55, second)], { ...settings, margin: 0.02 }).pairs[0];
    const expected = found([1, 2, 3], [1, 2, 3]);
    for (const order of [
      [3, 1, 2],
      [2, 3, 1],
    ]) {
      expect(found(order, [1, 2, 3])).toEqual(expected);
      expect(found([1, 2, 3], order)).toEqual(expected);
    }
  });

  it("that two groups do not share are refused, as are those that are there twice or too few", () => {
    const fault =
      (second: readonly number[], evaluations = second) =>
      () =>
        compareGroups([group("a", 0.6, [1, 2, 3]), { ...group("b", 0.55, evaluations), seeds: second }], settings);
    expect(fault([1, 2, 4])).toThrow('group "b" has the seeds 1, 2, 4, the first group 1, 2, 3; allowed: the same in every group');
    expect(fault([1, 2, 2])).toThrow('group "b" has a seed twice: 1, 2, 2; allowed: every seed once');
    expect(fault([1, 2], [1, 2, 3])).toThrow('group "b" has 3 evaluations and 2 seeds; allowed: as many of each');
    const { seeds: _, ...without } = group("b", 0.55, [1, 2, 3]);
    expect(() => compareGroups([group("a", 0.6, [1, 2, 3]), without], settings)).toThrow('group "b" has the seeds (not given)');
  });
});
