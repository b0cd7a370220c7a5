import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { corrections } from "../statistics/multipleTesting.js";
import { compareGroups } from "./compareGroups.js";
import type { Comparison, ComparisonGroup, ComparisonSettings, PairComparison, Verdict } from "./comparison.js";

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

const settings: ComparisonSettings = { metric: "accuracy" };
const turned: Record<Verdict, Verdict> = { BETTER: "WORSE", WORSE: "BETTER", EQUIVALENT: "EQUIVALENT", INCONCLUSIVE: "INCONCLUSIVE" };

/** A group of one model that is right where it says so. */
function model(name: string, values: ArrayLike<number>): ComparisonGroup {
  return { name, evaluations: [{ kind: "mean", values }] };
}

function models(outcomes: readonly (readonly number[])[]): ComparisonGroup[] {
  return outcomes.map((values, index) => model(`group ${index}`, values));
}

/** Two models that disagree on so many examples. */
function two(both: number, onlyFirst: number, onlySecond: number, neither: number): ComparisonGroup[] {
  const fill = (...counts: [number, number][]) => Uint8Array.from(counts.flatMap(([count, value]) => Array<number>(count).fill(value)));
  return [
    model("first", fill([both, 1], [onlyFirst, 1], [onlySecond, 0], [neither, 0])),
    model("second", fill([both, 1], [onlyFirst, 0], [onlySecond, 1], [neither, 0])),
  ];
}

function onlyPair(comparison: Comparison): PairComparison {
  expect(comparison.pairs).toHaveLength(1);
  return comparison.pairs[0] as PairComparison;
}

function pairOf(groups: readonly ComparisonGroup[], more: Partial<ComparisonSettings> = {}): PairComparison {
  return onlyPair(compareGroups(groups, { ...settings, ...more }));
}

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

describe("the verdict", () => {
  it("is BETTER or WORSE for what is proved, and names the models as what it is about", () => {
    const pair = pairOf(two(700, 60, 20, 92));
    expect(pair.verdict).toBe("BETTER");
    expect(pair.reason).toBe(
      `"first" is better than "second": its accuracy is higher by 0.0459 (95% interval 0.0265 to 0.0668; p below 0.0001, McNemar's exact test); this is about these two trained models, not about the methods that made them, with one training seed each.`,
    );
    expect(pairOf(two(700, 20, 60, 92)).verdict).toBe("WORSE");
  });

  it("is EQUIVALENT for a difference that is proved to be smaller than the margin, also where it is proved not to be 0", () => {
    const pair = pairOf(two(90_000, 600, 300, 9_100), { margin: 0.01 });
    expect(pair.verdict).toBe("EQUIVALENT");
    expect(pair.correctedP).toBeLessThan(0.05);
    expect(pair.reason).toContain(
      "that they differ at all is shown too (p below 0.0001, McNemar's exact test), but the difference is too small to matter",
    );
    expect(pairOf(two(90_000, 450, 450, 9_100), { margin: 0.01 }).reason).not.toContain("differ at all");
  });

  it("is never EQUIVALENT without a margin, and says so", () => {
    const pair = pairOf(two(90_000, 450, 450, 9_100));
    expect(pair).toMatchObject({ verdict: "INCONCLUSIVE", needed: { power: 0.8 } });
    expect(pair.equivalenceP).toBeUndefined();
    expect(pair.reason).toContain("without a margin declared beforehand no two can be shown to be equivalent");
    expect(pair.needed?.what).toContain("A margin is needed: no number of examples");
  });

  it("explains an interval that leaves out 0 where the exact test is more cautious", () => {
    // 1 and 7 disagreements: Tango's interval ends at -0.026, the exact p is 0.07.
    const pair = pairOf(two(1, 1, 7, 12));
    expect(pair.verdict).toBe("INCONCLUSIVE");
    expect(pair.reason).toContain("the interval leaves out 0, but the test, here the more cautious of the two, decides");
  });

  it("explains an interval that leaves out 0 where there are many pairs", () => {
    const better = [...Array<number>(13).fill(1), ...Array<number>(3).fill(0)];
    const worse = [...Array<number>(3).fill(0), ...Array<number>(10).fill(0), ...Array<number>(3).fill(1)];
    const rest = Array.from({ length: 5 }, () => better);
    const pair = compareGroups(models([better, worse, ...rest].map((values) => [...values, ...Array<number>(60).fill(1)])), settings)
      .pairs[0];
    expect(pair).toMatchObject({ verdict: "INCONCLUSIVE" });
    expect(pair?.pValue).toBeLessThan(0.05);
    expect(pair?.reason).toContain("it is of this pair alone: among 21 pairs the corrected p decides");
  });
});

describe("what is needed", () => {
  it("is enough: so many examples of the same kind give a verdict more often than not", () => {
    const cases: readonly [counts: [number, number, number, number], margin: number | undefined][] = [
      [[700, 60, 50, 62], undefined],
      [[700, 60, 50, 62], 0.02],
      [[700, 55, 55, 62], 0.015],
      [[100, 0, 0, 20], 0.01],
    ];
    for (const [counts, margin] of cases) {
      const pair = pairOf(two(...counts), margin === undefined ? {} : { margin });
      expect(pair.verdict).toBe("INCONCLUSIVE");
      const n = counts.reduce((sum, count) => sum + count, 0);
      expect(pair.needed?.examples).toBeGreaterThan(n);
      const factor = (pair.needed?.examples ?? 0) / n;
      const more = counts.map((count) => Math.round(count * factor)) as [number, number, number, number];
      expect(pairOf(two(...more), margin === undefined ? {} : { margin }).verdict).not.toBe("INCONCLUSIVE");
    }
  });

  it("says which of the two verdicts costs least", () => {
    const [near, far] = [pairOf(two(700, 52, 50, 70), { margin: 0.02 }), pairOf(two(700, 60, 44, 68), { margin: 0.02 })];
    expect(near.needed?.what).toContain("that the accuracies differ by less than the margin 0.02");
    expect(far.needed?.what).toContain("a difference in accuracy as large as the observed 0.0183");
    expect(far.needed?.what).toMatch(
      /^About [\d,]+ examples \(there are 872\) would show .*, with a probability of 80% if the truth is what was observed\.$/,
    );
  });

  it("grows with the number of pairs, as their correction asks more of each", () => {
    const [a, b] = two(700, 60, 50, 62) as [ComparisonGroup, ComparisonGroup];
    const among = compareGroups([a, b, { ...b, name: "third" }], settings).pairs[0];
    expect(among?.needed?.examples).toBeGreaterThan(pairOf([a, b]).needed?.examples ?? Infinity);
    expect(among?.minimumDetectableDifference).toBeGreaterThan(pairOf([a, b]).minimumDetectableDifference ?? Infinity);
  });
});

describe("at the ends", () => {
  it("two that are always right, or always wrong, have an interval with a width and no verdict without a margin", () => {
    for (const [both, neither] of [
      [500, 0],
      [0, 500],
    ] as const) {
      const pair = pairOf(two(both, 0, 0, neither));
      expect(pair).toMatchObject({ verdict: "INCONCLUSIVE", pValue: 1, difference: { estimate: 0 } });
      expect((pair.difference.upper ?? 0) - (pair.difference.lower ?? 0)).toBeGreaterThan(0.01);
      expect(pair.effectSize?.unavailable).toContain("the two agree on every example");
      expect(pair.minimumDetectableDifference).toBeUndefined();
      expect(pairOf(two(both, 0, 0, neither), { margin: 0.02 }).verdict).toBe("EQUIVALENT");
    }
  });

  it("one that is always right is better than one that is always wrong", () =>
    expect(pairOf(two(0, 500, 0, 0))).toMatchObject({ verdict: "BETTER", difference: { estimate: 1, upper: 1 } }));

  it("one example settles nothing", () => {
    for (const [both, onlyFirst, onlySecond, neither] of [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ] as const)
      expect(pairOf(two(both, onlyFirst, onlySecond, neither), { margin: 0.1 })).toMatchObject({ verdict: "INCONCLUSIVE", pValue: 1 });
  });

  it("a million examples are compared within seconds", () => {
    const pair = pairOf(two(900_000, 30_300, 29_700, 40_000), { margin: 0.01 });
    expect(pair.verdict).toBe("EQUIVALENT");
    expect(pair.pValue).toBeGreaterThan(0.01);
    expect(pair.pValue).toBeLessThan(0.02);
  });
});

it("what does not fit together is refused all at once", () => {
  const groups = [model("a", [1, 0]), model("a", [1]), { name: "b", evaluations: [] }];
  const wrong = { ...settings, level: 1, margin: 2, reference: "c" };
  expect(() => compareGroups(groups, wrong)).toThrow(
    [
      'reference: "c" is not known; allowed: a, a, b',
      "level: 1 is out of range; allowed: above 0 and below 1",
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
