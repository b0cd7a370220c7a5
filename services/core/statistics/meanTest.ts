import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import { type CrossedComponents, crossedComponents, crossedError, type MeanSquares, meanSquares } from "./crossedMean.js";
import { crossedTail } from "./crossedTail.js";
import { findRoot } from "./findRoot.js";
import { restrictedVariance, tally } from "./restrictedVariance.js";
import { notFinite } from "./notFinite.js";
import type { Interval } from "./interval.js";
import type { Range } from "./within.js";

const ofExamples = { method: "restricted likelihood, t", about: "examples" } as const;
/** How intervals by `meanTest` of several rows are called. */
export const ofSeeds = { method: "two-way random effects, generalised", about: "examples and seeds" } as const;

/** A mean, and how well it agrees with what it might be in truth. */
export interface MeanTest extends MeanSquares {
  /** Of the estimate, were examples, and seeds where there are several, drawn anew. */
  standardError: number;
  /** Where there are several seeds. */
  components?: CrossedComponents;
  /** By how much the variance of an example's mean over seeds would have to be larger for the true mean to be `mean`; infinite where that is out of range. */
  extraVariance(mean: number): number;
  /**
   * The one-sided p-value of a hypothesis: that the true mean is `mean`, or lies beyond it, seen from the estimate.
   * @param mean within the range
   * @returns 0 to 0.5
   */
  tail(mean: number): number;
  /**
   * Between which the hypotheses lie that are not rejected at 1 - level, half of it on each side.
   * @param level above 0 and below 1
   */
  bounds(level: number): { lower: number; upper: number };
}

/**
 * Tests what a mean may be in truth: of one model's values on examples, or of several seeds' values on the same examples. What examples add to the variance
 * is at least what they would add if the hypothesis were true (`restrictedVariance`): the test holds where values are skewed, and where few examples or
 * none show a difference. One row: Student's t with examples - 1 degrees of freedom; several: `crossedTail`.
 * @param rows one a seed, each with one value an example, in the same order
 * @param range of one value, finite
 * @returns undefined with no row or fewer than two examples
 * @throws RangeError for rows of different lengths
 */
export function meanTest(rows: readonly ArrayLike<number>[], range: Range): MeanTest | undefined {
  const found = meanSquares(rows);
  if (!found) return undefined;
  const { estimate, squares, size } = found;
  const { seeds, examples } = size;
  const averages = tally(seeds === 1 ? (rows[0] as ArrayLike<number>) : averageRows(rows));
  const standardError = crossedError(squares, size);

  function extraVariance(mean: number): number {
    if (mean !== estimate && (mean <= range.least || mean >= range.most)) return Infinity;
    return Math.max(0, (examples * restrictedVariance(averages, mean, range)) / (examples - 1) - squares.ofExamples / seeds);
  }

  function tail(mean: number): number {
    if (mean === estimate) return 0.5;
    // No value lies beyond the end, so that no mean of any that differ does.
    if (mean <= range.least || mean >= range.most) return 0;
    const restricted = { ...squares, ofExamples: squares.ofExamples + seeds * extraVariance(mean) };
    return crossedTail(Math.abs(estimate - mean), restricted, size);
  }

  /** Where the tail falls to a probability, on the side of an end of the range. */
  function bound(end: number, probability: number): number {
    if (estimate === end) return end;
    const excess = (mean: number) => Math.log(Math.max(tail(mean), Number.MIN_VALUE) / probability);
    const towards = Math.sign(end - estimate);
    let step = standardError > 0 ? -tQuantile(probability, examples - 1) * standardError : Math.abs(end - estimate) / examples;
    let near = estimate;
    for (;;) {
      const far = step < Math.abs(end - estimate) ? estimate + towards * step : end;
      if (excess(far) <= 0) return findRoot(near, far, excess, 1e-12);
      near = far;
      step *= 2;
    }
  }

  return {
    ...found,
    standardError,
    ...(seeds > 1 && { components: crossedComponents(squares, size) }),
    extraVariance,
    tail,
    bounds: (level) => ({ lower: bound(range.least, (1 - level) / 2), upper: bound(range.most, (1 - level) / 2) }),
  };
}

/** Intervals of a mean at any level, and the test that they come from; none where the values show nothing. */
export interface TestedMean {
  test?: MeanTest;
  /** @param level above 0 and below 1 */
  interval(level: number): Interval;
}

/** The mean over examples, or over seeds and examples, by `meanTest`; what broke it or is lacking is said in the interval. */
export function testedMean(rows: readonly ArrayLike<number>[], range: Range): TestedMean {
  const shape = rows.length > 1 ? ofSeeds : ofExamples;
  const broken = rows.map((row) => notFinite("value", row)).find((each) => each !== undefined);
  const test = broken === undefined ? meanTest(rows, range) : undefined;
  if (test) return { test, interval: (level) => ({ estimate: test.estimate, ...test.bounds(level), level, ...shape }) };
  const values = rows.flatMap((row) => Array.from(row));
  const estimate = values.reduce((sum, value) => sum + value, 0) / values.length;
  const there = values.length === 0 ? "are no examples" : "is one example";
  const unavailable = broken ?? `there ${there}; two are needed to see how much they vary`;
  return { interval: (level) => ({ estimate, level, ...shape, unavailable }) };
}

function averageRows(rows: readonly ArrayLike<number>[]): Float64Array {
  const [first, ...rest] = rows as [ArrayLike<number>, ...ArrayLike<number>[]];
  const sums = Float64Array.from(first);
  for (const row of rest) for (let index = 0; index < sums.length; index++) sums[index] = (sums[index] as number) + (row[index] as number);
  return sums.map((sum) => sum / rows.length);
}
