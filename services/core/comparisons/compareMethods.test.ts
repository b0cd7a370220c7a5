import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shuffledIndices } from "../random.js";
import { meanTest } from "../statistics/meanTest.js";
import { compareGroups } from "./compareGroups.js";
import type { ComparisonGroup, ComparisonSettings, PairComparison } from "./comparison.js";
import type { Outcomes } from "./outcomes.js";

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
  it("call the lower loss the better one", () => {
    const first = Array.from({ length: 400 }, (_, index) => 0.5 + 0.4 * Math.sin(index));
    const pair = pairOf(
      [
        { name: "low", evaluations: means([first]) },
        { name: "high", evaluations: means([first.map((value, index) => value + 0.5 + 0.1 * Math.cos(index))]) },
      ],
      { metric: "loss" },
    );
    expect(pair.verdict).toBe("BETTER");
    expect(pair.difference).toMatchObject({ about: "examples", method: "restricted likelihood, t" });
    expect(pair.difference.estimate).toBeLessThan(0);
    expect(pair.effectSize).toBeUndefined();
    expect(pair.reason).toMatch(
      /^"low" is better than "high": its loss is lower by 0\.\d+ \(95% interval -0\.\d+ to -0\.\d+; p below 0\.0001, t test with restricted likelihood\)/,
    );
  });

  it("leave room for errors that few examples do not show, and none where many would", () => {
    const of = (examples: number) => {
      const values = Array.from({ length: examples }, (_, index) => 0.3 + 0.29 * Math.sin(index));
      const groups = [values, values.map((value) => value + 0.06)].map((each, index) => ({ name: `${index}`, evaluations: means([each]) }));
      return pairOf(groups, { metric: "loss", margin: 0.1 });
    };
    // An error of some nats in one of a hundred examples would make up for it.
    expect(of(100)).toMatchObject({ verdict: "INCONCLUSIVE" });
    expect(of(100).difference.lower).toBeLessThan(-0.06);
    expect(of(3000).correctedP).toBeLessThan(0.001);
  });

  it("settle nothing of one example", () => {
    const groups = [[0.5], [0.1]].map((values, index) => ({ name: `group ${index}`, evaluations: means([values]) }));
    const pair = pairOf(groups, { metric: "loss", margin: 1 });
    expect(pair).toMatchObject({ verdict: "INCONCLUSIVE", equivalenceP: 1 });
    expect(pair.reason).toContain("there is no interval: ");
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

describe("comparisons of configurations over several seeds", () => {
  const first = seeds([850, 856, 853], 900, "first");
  const second = seeds([760, 758, 762], 900, "second");
  const groups: ComparisonGroup[] = [
    { name: "first", evaluations: means(first) },
    { name: "second", evaluations: means(second) },
  ];

  it("are about examples and seeds, by the mean of their differences", () => {
    const pair = pairOf(groups, { metric: "accuracy" });
    const differences = first.map((row, seed) => row.map((value, index) => value - (second[seed]?.[index] ?? Number.NaN)));
    const test = meanTest(differences, { least: -1, most: 1 });
    expect(pair.difference).toMatchObject({ ...test?.bounds(0.95), about: "examples and seeds" });
    expect(pair.pValue).toBe(2 * (test?.tail(0) ?? Number.NaN));
    expect(pair.verdict).toBe("BETTER");
    expect(pair.reason).not.toContain("one training seed each");
    expect(pair.effectSize).toMatchObject({ about: "examples and seeds", method: "delta method, generalised" });
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
      ...{ verdict: "BETTER", test: "t test with restricted likelihood" },
      difference: { method: "restricted likelihood, t" },
    });
    expect(one.difference.estimate).toBeCloseTo(0.2, 2);
    const several = pairOf([group("good", [20, 19, 23]), group("bad", [4, 5, 4])], { metric: "macro_f1", margin: 0.01 });
    expect(several).toMatchObject({ verdict: "BETTER", difference: { about: "examples and seeds" } });
  });
});
