import { describe, expect, it } from "vitest";
import { compareGroups } from "./compareGroups.js";
import type { ComparisonGroup } from "./comparison.js";
import { models, pairOf, settings, two } from "./testing/models.js";

describe("the verdict", () => {
  it("is BETTER or WORSE for what is proved, and names the models as what it is about", () => {
    const pair = pairOf(two(700, 60, 20, 92));
    expect(pair.verdict).toBe("BETTER");
    expect(pair.reason).toBe(
      `"first" is better than "second": its accuracy is higher by 0.0459 (95% interval 0.0265 to 0.0668; p below 0.0001, McNemar's exact test); this is about these two trained models, not about how they were trained, with one training seed each.`,
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
