import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resampleMeans } from "../statistics/resampling/resampleMeans.js";
import { compareGroups } from "./compareGroups.js";
import { gatherEvidence } from "./gatherEvidence.js";
import type { ComparisonMetric } from "./comparisonMetrics.js";
import type { Outcomes } from "./outcomes.js";
import { mostResampled } from "./resampledEvidence.js";

const plan = { levels: [0.95], permutations: 99 };

function evidence(metric: ComparisonMetric, first: Outcomes, second: Outcomes, more = {}) {
  const group = (name: string, outcomes: Outcomes) => ({ name, evaluations: [outcomes] });
  const found = gatherEvidence(group("first", first), group("second", second), { metric }, { ...plan, ...more });
  const { lower = Number.NaN, upper = Number.NaN, estimate } = found.interval(0.95);
  return { pValue: found.pValue, lower, upper, estimate };
}

const turned = ({ pValue, lower, upper, estimate }: ReturnType<typeof evidence>) => ({
  pValue,
  lower: -upper,
  upper: -lower,
  estimate: -estimate,
});
const close = (a: ReturnType<typeof evidence>, b: ReturnType<typeof evidence>) => {
  expect(a.pValue).toBe(b.pValue);
  for (const name of ["lower", "upper", "estimate"] as const) {
    if (Number.isNaN(b[name])) expect(a[name]).toBeNaN();
    else expect(a[name]).toBeCloseTo(b[name], 9);
  }
};
const rotated = <T>(values: readonly T[], by: number): T[] => [...values.slice(by), ...values.slice(0, by)].toReversed();

describe("a comparison of two models by resampling", () => {
  it("of losses turns round with the models and does not hang on the order of the examples", () => {
    const losses = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(losses, losses, fc.nat({ max: 11 }), (a, b, by) => {
        const of = (x: number[], y: number[]) => evidence("loss", { kind: "mean", values: x }, { kind: "mean", values: y });
        const found = of(a, b);
        close(of(b, a), turned(found));
        close(of(rotated(a, by), rotated(b, by)), found);
      }),
      { numRuns: 20 },
    );
  });

  it("of macro F1 likewise", () => {
    const ids = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 15, maxLength: 15 });
    fc.assert(
      fc.property(ids, ids, ids, fc.nat({ max: 14 }), (labels, a, b, by) => {
        const of = (truth: number[], x: number[], y: number[]) =>
          evidence(
            "macro_f1",
            { kind: "classes", labels: truth, predicted: x, classes: 3 },
            { kind: "classes", labels: truth, predicted: y, classes: 3 },
          );
        const found = of(labels, a, b);
        close(of(labels, b, a), turned(found));
        close(of(rotated(labels, by), rotated(a, by), rotated(b, by)), found);
      }),
      { numRuns: 10 },
    );
  });

  it("draws the means once for all levels, with whatever draws them", () => {
    const values = Array.from({ length: 50 }, (_, index) => Math.sin(index));
    const other = values.map((value, index) => value + 0.1 * Math.cos(index));
    let drawn = 0;
    const drawMeans: typeof resampleMeans = (...asked) => {
      drawn++;
      return resampleMeans(...asked);
    };
    const [a, b] = [
      { kind: "mean", values },
      { kind: "mean", values: other },
    ] as const;
    close(evidence("loss", a, b, { levels: [0.95, 0.99, 0.9], drawMeans }), evidence("loss", a, b));
    expect(drawn).toBe(1);
  });

  it("of very many examples is made by a t test instead", () => {
    const values = Float64Array.from({ length: mostResampled + 1 }, (_, index) => Math.sin(index));
    const other = values.map((value, index) => value + 0.01 * Math.cos(index));
    const group = (name: string, all: Float64Array) => ({ name, evaluations: [{ kind: "mean", values: all } as const] });
    expect(gatherEvidence(group("a", values), group("b", other), { metric: "loss" }, plan).test).toBe("paired t test");
  });
});

it("gives way to paired t tests where the signs of all pairs are more than half a minute's", () => {
  const of = (shift: number) => ({
    kind: "mean" as const,
    values: Float64Array.from({ length: 500 }, (_, index) => shift + Math.sin(index * (1 + shift))),
  });
  const group = (index: number) => ({ name: `${index}`, evaluations: [of(index / 100)] });
  const groups = Array.from({ length: 40 }, (_, index) => group(index));
  const { pairs } = compareGroups(groups, { metric: "loss" });
  expect(new Set(pairs.map(({ test }) => test))).toEqual(new Set(["paired t test"]));
  expect(pairs[0]?.difference.method).toBe("linearised ratio, t");
  expect(compareGroups(groups.slice(0, 2), { metric: "loss" }).pairs[0]?.test).toBe("paired permutation test");
});
