import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import { beyondRounding, largestSize } from "./beyondRounding.js";
import { checkLevel } from "./checkArguments.js";
import { notFinite } from "./notFinite.js";
import type { Interval } from "./interval.js";

/**
 * The mean over all tokens of examples that are independent of each other, while the tokens of one are not: a ratio of two sums, with the variance of
 * its linearisation and Student's t with examples - 1 degrees of freedom. Where every count is 1 it is the usual interval of a mean.
 * Source: Cochran, Sampling Techniques, third edition, 1977, section 6.4; it is the sandwich variance of Liang and Zeger, 1986, with clusters for
 * examples, times n / (n - 1).
 * @param sums of losses, one an example
 * @param counts over how many tokens each sum is, above 0
 * @param level confidence level, above 0 and below 1
 * @throws RangeError for a level outside its range, or different numbers of sums and counts
 */
export function ratioInterval(sums: ArrayLike<number>, counts: ArrayLike<number>, level: number): Interval {
  if (counts.length !== sums.length)
    throw new RangeError(`there are ${sums.length} sums and ${counts.length} counts; allowed: as many of each`);
  return intervalOf(sums, (index) => counts[index] as number, level);
}

/**
 * The usual interval of a mean over independent examples: Student's t.
 * @param values one an example
 * @param level confidence level, above 0 and below 1
 * @throws RangeError for a level outside its range
 */
export function meanInterval(values: ArrayLike<number>, level: number): Interval {
  return intervalOf(values, () => 1, level);
}

function intervalOf(sums: ArrayLike<number>, countOf: (index: number) => number, level: number): Interval {
  checkLevel(level);
  const n = sums.length;
  let [sum, count] = [0, 0];
  for (let index = 0; index < n; index++) {
    sum += sums[index] as number;
    count += countOf(index);
  }
  const estimate = sum / count;
  const shape = { estimate, level, method: "linearised ratio, t", about: "examples" } as const;
  const broken = notFinite("value", sums);
  if (broken !== undefined) return { ...shape, unavailable: broken };
  if (n < 2) return { ...shape, unavailable: `there ${n === 1 ? "is one example" : "are no examples"} (n = ${n}); two are needed` };
  // From the first example's own ratio, so that rounding of long sums does not show as a variance.
  const first = countOf(0) > 0 ? (sums[0] as number) / countOf(0) : estimate;
  let rest = 0;
  for (let index = 0; index < n; index++) rest += (sums[index] as number) - first * countOf(index);
  const centre = first + rest / count;
  let squares = 0;
  for (let index = 0; index < n; index++) squares += ((sums[index] as number) - centre * countOf(index)) ** 2;
  const error = Math.sqrt((n / (n - 1)) * beyondRounding(squares, n, largestSize(sums))) / count;
  if (error === 0) return { ...shape, unavailable: "every example has the same value: the data do not show how much they vary" };
  // The upper tail's mass keeps its digits for levels close to 1.
  const half = -tQuantile((1 - level) / 2, n - 1) * error;
  return { ...shape, lower: estimate - half, upper: estimate + half };
}

/** The interval of e to a mean: of a mean loss in nats that of the perplexity. */
export function exponentialInterval({ estimate, lower, upper, ...rest }: Interval): Interval {
  return {
    ...rest,
    estimate: Math.exp(estimate),
    ...(lower !== undefined && upper !== undefined && { lower: Math.exp(lower), upper: Math.exp(upper) }),
  };
}
