import { describe, expect, it } from "vitest";
import { binomialInterval, binomialMethods } from "../statistics/binomialInterval.js";
import { compareGroups } from "./compareGroups.js";
import type { ComparisonGroup, ComparisonSettings, PairComparison } from "./comparison.js";

// What other evaluation tools get wrong; the table in docs/evaluation.md names these tests.

/** So many examples with these outcomes, one after the other. */
function outcomes(...counts: readonly [count: number, value: number][]): number[] {
  return counts.flatMap(([count, value]) => Array<number>(count).fill(value));
}

function group(name: string, ...seeds: readonly number[][]): ComparisonGroup {
  return { name, evaluations: seeds.map((values) => ({ kind: "mean", values })) };
}

function pairOf(first: ComparisonGroup, second: ComparisonGroup, settings: ComparisonSettings = { metric: "accuracy" }): PairComparison {
  return compareGroups([first, second], settings).pairs[0] as PairComparison;
}

describe("a standard error of 0 at 0% or 100%", () => {
  it.each(binomialMethods)("is not that of an accuracy: its %s interval has a width", (method) => {
    for (const successes of [0, 50]) {
      const { lower = 0, upper = 0 } = binomialInterval(successes, 50, 0.95, method);
      expect(upper - lower).toBeGreaterThan(0.04);
    }
  });

  it("is not that of a difference: two perfect models may differ, and 50 examples do not show that they do not", () => {
    const perfect = outcomes([50, 1]);
    const pair = pairOf(group("first", perfect), group("second", perfect), { metric: "accuracy", margin: 0.02 });
    expect(pair.difference.upper ?? 0).toBeGreaterThan(0.04);
    expect(pair).toMatchObject({ verdict: "INCONCLUSIVE" });
  });

  it("is not that of seeds that all came out the same: the interval has a width, and 50 examples settle nothing", () => {
    const perfect = outcomes([50, 1]);
    const pair = pairOf(group("first", perfect, perfect, perfect), group("second", perfect, perfect, perfect), {
      metric: "accuracy",
      margin: 0.02,
    });
    expect(pair).toMatchObject({ verdict: "INCONCLUSIVE", pValue: 1 });
    expect(pair.difference.upper).toBeGreaterThan(0.04);
  });
});

describe("an unpaired test on paired data", () => {
  // 900 and 880 of 1000 either way: p of the two-proportion z test is 0.153, by statsmodels 0.15.0's proportions_ztest([900, 880], [1000, 1000]).
  const first = outcomes([880, 1], [20, 1], [100, 0]);

  it("is not used: models that differ on few examples are told apart", () => {
    const nested = outcomes([880, 1], [20, 0], [100, 0]);
    expect(pairOf(group("first", first), group("second", nested)).pValue).toBeLessThan(1e-5);
  });

  it("is not used: models with the same accuracies that differ on many are not", () => {
    const apart = outcomes([80, 0], [820, 1], [60, 1], [40, 0]);
    const pair = pairOf(group("first", first), group("second", apart));
    expect(pair.difference.estimate).toBeCloseTo(0.02, 12);
    expect(pair.pValue).toBeGreaterThan(0.1);
  });

  it("is not used for losses and seeds either: what an example does to both does not count", () => {
    const hard = Array.from({ length: 600 }, (_, index) => 0.01 * (index + 1));
    const harder = hard.map((value, index) => value + 0.1 + 0.02 * Math.sin(index));
    expect(pairOf(group("low", hard), group("high", harder), { metric: "loss" }).verdict).toBe("BETTER");
    const seeds = [0, 1, 2].map((seed) => hard.map((value, index) => value + 0.01 * Math.cos(seed + index)));
    const worse = [0, 1, 2].map((seed) => harder.map((value, index) => value + 0.01 * Math.sin(seed * index)));
    expect(pairOf(group("low", ...seeds), group("high", ...worse), { metric: "loss" }).verdict).toBe("BETTER");
  });
});

describe("a bootstrap without a seed", () => {
  it("is not there: the same outcomes give the same comparison, to the last digit", () => {
    const [a, b] = [outcomes([40, 1], [20, 0], [3, 1]), outcomes([35, 1], [20, 0], [8, 1])];
    const classes = (predicted: number[]) => ({ kind: "classes", labels: a, predicted, classes: 2 }) as const;
    const cases: [ComparisonGroup[], ComparisonSettings][] = [
      [[group("a", a), group("b", b)], { metric: "accuracy", margin: 0.05 }],
      [[group("a", a, b), group("b", b, a)], { metric: "accuracy" }],
      [[group("a", a), group("b", b)], { metric: "loss" }],
      [
        [
          { name: "a", evaluations: [classes(a)] },
          { name: "b", evaluations: [classes(b)] },
        ],
        { metric: "macro_f1" },
      ],
    ];
    for (const [groups, settings] of cases) {
      const found = compareGroups(groups, settings);
      expect(compareGroups(groups, settings)).toEqual(found);
    }
  });
});
