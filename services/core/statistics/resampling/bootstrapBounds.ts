import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { checkLevel } from "../checkArguments.js";

/** How bounds are read off resamples. */
export const bootstrapMethods = ["bca", "percentile"] as const;
export type BootstrapMethod = (typeof bootstrapMethods)[number];

/** What bounds are read off. */
export interface BootstrapSample {
  /** The statistic of each resample. */
  resamples: Float64Array;
  estimate: number;
  /** A sixth of the skewness of the statistic's influence; see `accelerationOf`. */
  acceleration: number;
}

/**
 * Bounds of a bootstrap's interval, between order statistics linearly.
 *
 * - `percentile`: the resamples' own quantiles.
 * - `bca`: quantiles that are corrected for bias and for a spread that changes with the statistic; ties with the estimate count half.
 *
 * Source: Efron, Journal of the American Statistical Association 82, 1987; Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 14.
 * @returns undefined when nearly all resamples are equal, or all are on one side of the estimate: they show no interval
 * @throws RangeError for a level outside its range
 */
export function bootstrapBounds(
  { resamples, estimate, acceleration }: BootstrapSample,
  level: number,
  method: BootstrapMethod,
): { lower: number; upper: number } | undefined {
  checkLevel(level);
  const sorted = resamples.toSorted();
  const count = sorted.length;
  if (sorted[0] === sorted[count - 1]) return undefined;
  const tail = (1 - level) / 2;
  if (method === "percentile") return apart(quantile(sorted, tail), quantile(sorted, 1 - tail));
  const [below, notAbove] = [placeOf(sorted, (value) => value < estimate), placeOf(sorted, (value) => value <= estimate)];
  const share = (below + notAbove) / (2 * count);
  if (share === 0 || share === 1) return undefined;
  const bias = normalQuantile(share, 0, 1);
  const corrected = (probability: number) => {
    const shifted = bias + normalQuantile(probability, 0, 1);
    return normalCdf(bias + shifted / (1 - acceleration * shifted), 0, 1);
  };
  return apart(quantile(sorted, corrected(tail)), quantile(sorted, corrected(1 - tail)));
}

/** Where nearly all resamples are equal the bounds are too: no interval has the width zero. */
function apart(lower: number, upper: number): { lower: number; upper: number } | undefined {
  return lower < upper ? { lower, upper } : undefined;
}

/**
 * The acceleration from the jackknife: a sixth of the skewness of what the statistic loses with each example.
 * @param leftOut the statistic without an example of each kind, and how many examples are of it
 * @returns 0 where nothing changes
 */
export function accelerationOf(leftOut: Iterable<{ value: number; count: number }>): number {
  const all = [...leftOut].filter(({ count }) => count > 0);
  const total = all.reduce((sum, { count }) => sum + count, 0);
  const mean = all.reduce((sum, { value, count }) => sum + value * count, 0) / total;
  let [squares, cubes] = [0, 0];
  for (const { value, count } of all) {
    squares += count * (mean - value) ** 2;
    cubes += count * (mean - value) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

/** Of sorted values, at a probability: between neighbours linearly. */
function quantile(sorted: Float64Array, probability: number): number {
  const place = Math.min(1, Math.max(0, probability)) * (sorted.length - 1);
  const index = Math.floor(place);
  const low = sorted[index] as number;
  const high = sorted[Math.min(index + 1, sorted.length - 1)] as number;
  return low + (place - index) * (high - low);
}

/** How many of sorted values, from the first one on, are as they should be. */
function placeOf(sorted: Float64Array, isBefore: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(sorted[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}
