import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shuffledIndices } from "../random.js";
import { crossedInterval, crossedMean, crossedPValue } from "../statistics/crossedMean.js";
import { compareGroups } from "./compareGroups.js";
import type { ComparisonGroup, ComparisonSettings, PairComparison } from "./comparison.js";
import type { Outcomes } from "./outcomes.js";

const goldens = JSON.parse(readFileSync(new URL("../../../test/goldens/comparisons/comparisons.json", import.meta.url), "utf8")) as {
  paired_t: {
    first: number[];
    second: number[];
    margin: number;
    difference: number;
    equivalenceP: number;
    permutationP: number;
    bca: [number, number] | null;
  }[];
};

function pairOf(groups: readonly ComparisonGroup[], settings: ComparisonSettings): PairComparison {
  const { pairs } = compareGroups(groups, settings);
  expect(pairs).toHaveLength(1);
  return pairs[0] as PairComparison;
}

const means = (rows: readonly ArrayLike<number>[]): Outcomes[] => rows.map((values) => ({ kind: "mean", values }));

/** So many right among the examples of each seed, which ones being drawn. */
function seeds(right: readonly number[], examples: number, purpose: string): number[][] {
  return right.map((count, seed) => {
    const row = Array<number>(examples).fill(0);
    for (const index of shuffledIndices(examples, seed, purpose).subarray(0, count)) row[index] = 1;
    return row;
  });
}

describe("comparisons of losses of one model each", () => {
  it("agree with scipy's permutation test and bootstrap, within Monte Carlo error", () => {
    expect(goldens.paired_t).toHaveLength(4);
    for (const golden of goldens.paired_t) {
      const groups = [golden.first, golden.second].map((values, index) => ({ name: `group ${index}`, evaluations: means([values]) }));
      const pair = pairOf(groups, { metric: "loss", margin: golden.margin });
      expect(pair.test).toBe("paired permutation test");
      expect(pair.difference).toMatchObject({ about: "examples", method: "bootstrap, bca", resampling: { resamples: 10_000, seed: 0 } });
      expect(pair.difference.estimate).toBeCloseTo(golden.difference, 12);
      // Up to 20 examples all signs are gone through.
      const error = golden.first.length <= 20 ? 1e-12 : 5 * Math.sqrt(golden.permutationP / 10_000 + golden.permutationP / 20_000);
      expect(Math.abs(pair.pValue - golden.permutationP)).toBeLessThanOrEqual(Math.max(error, 1e-4));
      expect(Math.abs((pair.equivalenceP ?? 0) / golden.equivalenceP - 1)).toBeLessThan(1e-9);
      expect(pair.effectSize).toBeUndefined();
      if (!golden.bca) continue;
      const [low, high] = golden.bca;
      expect(Math.abs((pair.difference.lower ?? 0) - low)).toBeLessThan(0.05 * (high - low));
      expect(Math.abs((pair.difference.upper ?? 0) - high)).toBeLessThan(0.05 * (high - low));
    }
  });

  it("call the lower loss the better one", () => {
    const golden = goldens.paired_t[2];
    const pair = pairOf(
      [
        { name: "low", evaluations: means([golden?.first ?? []]) },
        { name: "high", evaluations: means([(golden?.second ?? []).map((value) => value + 0.5)]) },
      ],
      { metric: "loss" },
    );
    expect(pair.verdict).toBe("BETTER");
    expect(pair.difference.estimate).toBeLessThan(0);
    expect(pair.reason).toMatch(
      /^"low" is better than "high": its loss is lower by 0\.\d+ \(95% interval -0\.\d+ to -0\.\d+; p 0\.0001, paired permutation test\)/,
    );
  });

  it("settle nothing where values do not vary, and say why there is no interval", () => {
    for (const rows of [
      [[0.5], [0.1]],
      [
        [0.5, 0.25, 0.75],
        [0.25, 0, 0.5],
      ],
      [
        [0.3, 0.4],
        [0.3, 0.4],
      ],
    ] as const) {
      const groups = rows.map((values, index) => ({ name: `group ${index}`, evaluations: means([values]) }));
      const pair = pairOf(groups, { metric: "loss", margin: 1 });
      expect(pair).toMatchObject({ verdict: "INCONCLUSIVE", equivalenceP: 1 });
      expect(pair.reason).toContain("there is no interval: ");
    }
  });

  it("are refused for a loss that is not finite", () =>
    expect(() =>
      compareGroups(
        [
          { name: "a", evaluations: means([[Infinity, 1]]) },
          { name: "b", evaluations: means([[1, 1]]) },
        ],
        { metric: "loss" },
      ),
    ).toThrow('an outcome of group "a" is Infinity; allowed: finite numbers'));
});

describe("comparisons of methods over several seeds", () => {
  const first = seeds([850, 856, 853], 900, "first");
  const second = seeds([760, 758, 762], 900, "second");
  const groups: ComparisonGroup[] = [
    { name: "first", evaluations: means(first) },
    { name: "second", evaluations: means(second) },
  ];

  it("are about examples and seeds, by the mean of their differences", () => {
    const pair = pairOf(groups, { metric: "accuracy" });
    const differences = first.map((row, seed) => row.map((value, index) => value - (second[seed]?.[index] ?? Number.NaN)));
    expect(pair.difference).toEqual(crossedInterval(differences, 0.95));
    expect(pair.difference.about).toBe("examples and seeds");
    const mean = crossedMean(differences);
    expect(mean && crossedPValue(mean, 0)).toBe(pair.pValue);
    expect(pair.verdict).toBe("BETTER");
    expect(pair.reason).not.toContain("one training seed each");
    expect(pair.effectSize).toMatchObject({ about: "examples and seeds", method: "delta method, t" });
    // Cohen's h of 853 and 760 of 900.
    const angle = (share: number) => 2 * Math.asin(Math.sqrt(share));
    expect(pair.effectSize?.estimate).toBeCloseTo(angle(853 / 900) - angle(760 / 900), 12);
    expect(pair.effectSize?.lower).toBeGreaterThan(0);
  });

  // The models of the first two seeds say what the third denies: no number of examples makes up for that.
  it("ask for seeds where seeds are what differs, and give the verdict once they are there", () => {
    const apart = (right: readonly number[]): ComparisonGroup[] => [
      { name: "first", evaluations: means(seeds(right, 5000, "apart")) },
      {
        name: "second",
        evaluations: means(
          seeds(
            right.map(() => 4000),
            5000,
            "apart",
          ),
        ),
      },
    ];
    const pair = pairOf(apart([4200, 4150, 3950]), { metric: "accuracy" });
    expect(pair.verdict).toBe("INCONCLUSIVE");
    expect(pair.needed?.examples).toBeUndefined();
    expect(pair.needed?.seeds).toBeGreaterThan(3);
    expect(pair.needed?.what).toMatch(
      /^About \d+ training seeds each \(there are 3\) would show a difference in accuracy as large as the observed 0\.02, with/,
    );
    const more = Array.from({ length: pair.needed?.seeds ?? 0 }, (_, seed) => [4200, 4150, 3950][seed % 3] as number);
    expect(pairOf(apart(more), { metric: "accuracy" }).verdict).toBe("BETTER");
  });

  it("ask for examples where examples are what differs", () => {
    const [a, b] = [seeds([50, 50], 60, "few"), seeds([48, 48], 60, "few")];
    const same = [a[0], a[0]] as number[][];
    const other = [b[0], b[0]] as number[][];
    const pair = pairOf(
      [
        { name: "first", evaluations: means(same) },
        { name: "second", evaluations: means(other) },
      ],
      { metric: "accuracy" },
    );
    expect(pair.verdict).toBe("INCONCLUSIVE");
    expect(pair.needed?.examples).toBeGreaterThan(60);
    expect(pair.needed?.seeds).toBeUndefined();
  });

  it("turn round with the groups, and do not hang on the order of seeds or examples", () => {
    const row = fc.array(fc.constantFrom(0, 1), { minLength: 20, maxLength: 20 });
    const group = fc.array(row, { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(group, group, fc.nat({ max: 19 }), (a, b, shift) => {
        const of = (x: number[][], y: number[][]) =>
          pairOf(
            [
              { name: "x", evaluations: means(x) },
              { name: "y", evaluations: means(y) },
            ],
            { metric: "accuracy", margin: 0.1 },
          );
        const [ahead, back] = [of(a, b), of(b, a)];
        const verdicts = { BETTER: "WORSE", WORSE: "BETTER", EQUIVALENT: "EQUIVALENT", INCONCLUSIVE: "INCONCLUSIVE" };
        expect(back.verdict).toBe(verdicts[ahead.verdict]);
        expect(back.pValue).toBeCloseTo(ahead.pValue, 9);
        expect(back.difference.lower ?? 0).toBeCloseTo(-(ahead.difference.upper ?? 0), 9);
        const moved = (rows: number[][]) => rows.toReversed().map((values) => [...values.slice(shift), ...values.slice(0, shift)]);
        const found = of(moved(a), moved(b));
        expect(found.verdict).toBe(ahead.verdict);
        expect(found.pValue).toBeCloseTo(ahead.pValue, 9);
        expect(found.difference.upper ?? 0).toBeCloseTo(ahead.difference.upper ?? 0, 9);
      }),
    );
  });

  it("need as many seeds of each", () =>
    expect(() =>
      compareGroups([groups[0] as ComparisonGroup, { name: "one", evaluations: means(second.slice(0, 1)) }], { metric: "accuracy" }),
    ).toThrow('group "one" has 1 evaluations, the first group 3; allowed: as many in every group'));
});

describe("comparisons of macro F1", () => {
  it("are of confusion matrices, and find what is there", () => {
    const labels = Array.from({ length: 600 }, (_, index) => index % 3);
    const wrong = (every: number) => labels.map((label, index) => (index % every === 0 ? (label + 1) % 3 : label));
    const group = (name: string, every: readonly number[]): ComparisonGroup => ({
      name,
      evaluations: every.map((count) => ({ kind: "classes", labels, predicted: wrong(count), classes: 3 })),
    });
    const one = pairOf([group("good", [20]), group("bad", [4])], { metric: "macro_f1" });
    expect(one).toMatchObject({
      ...{ verdict: "BETTER", test: "paired permutation test of the linearised metric" },
      difference: { method: "bootstrap, bca", resampling: { resamples: 10_000 } },
    });
    expect(one.difference.estimate).toBeCloseTo(0.2, 2);
    const several = pairOf([group("good", [20, 19, 23]), group("bad", [4, 5, 4])], { metric: "macro_f1", margin: 0.01 });
    expect(several).toMatchObject({ verdict: "BETTER", difference: { about: "examples and seeds" } });
  });
});
