import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import { checkLevel } from "./checkArguments.js";
import type { Interval } from "./interval.js";

/** What one example adds: the sum of its losses, and over how many tokens. */
export interface SumOf {
  sum: number;
  /** Above 0. */
  count: number;
}

/**
 * The mean over all tokens of examples that are independent of each other, while the tokens of one are not: a ratio of two sums, with the variance of
 * its linearisation and Student's t with examples - 1 degrees of freedom. Where every count is 1 it is the usual interval of a mean.
 * Source: Cochran, Sampling Techniques, third edition, 1977, section 6.4; it is the sandwich variance of Liang and Zeger, 1986, with clusters for
 * examples, times n / (n - 1).
 * @param level confidence level, above 0 and below 1
 * @throws RangeError for a level outside its range
 */
export function ratioInterval(examples: readonly SumOf[], level: number): Interval {
  checkLevel(level);
  const n = examples.length;
  const sum = examples.reduce((total, each) => total + each.sum, 0);
  const count = examples.reduce((total, each) => total + each.count, 0);
  const estimate = sum / count;
  const shape = { estimate, level, method: "linearised ratio, t", about: "examples" } as const;
  if (n < 2) return { ...shape, unavailable: `there ${n === 1 ? "is one example" : "are no examples"} (n = ${n}); two are needed` };
  const squares = examples.reduce((total, each) => total + (each.sum - estimate * each.count) ** 2, 0);
  const error = Math.sqrt((n / (n - 1)) * squares) / count;
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
