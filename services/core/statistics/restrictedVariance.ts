import { steadyMean } from "./beyondRounding.js";
import type { Range } from "./within.js";

/** Values, and how often each is there. */
export interface Tally {
  values: Float64Array;
  counts: Float64Array;
  /** Sum of the counts. */
  total: number;
  /** Variance of the values that one of `values` stands for, around it: 0 where each stands for itself. */
  within: number;
}

/** With more different values than these, counting them saves nothing. */
const mostCounted = 4096;
/** Of more values, neighbours are put together: the shape of so many matters little for their mean, and looking at each takes seconds. */
const mostValues = 65_536;

/** Puts values that are the same together where that makes them fewer, and neighbours where there are more than 65,536. */
export function tally(values: ArrayLike<number>): Tally {
  const total = values.length;
  const counts = new Map<number, number>();
  for (let index = 0; index < total && counts.size <= mostCounted; index++) {
    // 0 and -0 are one value.
    const value = (values[index] as number) + 0;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  if (counts.size <= mostCounted)
    return { values: Float64Array.from(counts.keys()), counts: Float64Array.from(counts.values()), total, within: 0 };
  if (total <= mostValues) return { values: Float64Array.from(values), counts: new Float64Array(total).fill(1), total, within: 0 };
  const sorted = Float64Array.from(values).toSorted();
  const edges = Array.from({ length: mostCounted + 1 }, (_, index) => Math.round((index * total) / mostCounted));
  const groups = edges.slice(1).map((end, index) => sorted.subarray(edges[index], end));
  const means = Float64Array.from(groups, steadyMean);
  const squares = groups.reduce((sum, group, index) => group.reduce((own, value) => own + (value - (means[index] as number)) ** 2, sum), 0);
  return { values: means, counts: Float64Array.from(groups, ({ length }) => length), total, within: squares / total };
}

/**
 * The variance of one value if the mean of all were `mean`: among distributions over the values that were seen and the ends of what a value can be, that
 * of the likeliest one with this mean. What was seen is weighed anew; where that does not do, the end of the range takes what is missing. It is what a
 * score test divides by: a sample too small to show the values that would make the hypothesis true shows too small a variance itself, down to 0. Of
 * differences of right and wrong of two models it is the variance of Tango's score.
 *
 * Source: Owen, Empirical Likelihood, 2001, chapter 2, for the weights; Tango, Statistics in Medicine 17, 1998, for -1, 0 and 1.
 * @param mean within the range, or where the values' own mean is
 * @param range of one value, finite
 * @returns the sum of squared deviations over the number of values, not over one less
 */
export function restrictedVariance({ values, counts, total, within }: Tally, mean: number, { least, most }: Range): number {
  let [sum, low, high] = [0, Infinity, -Infinity];
  for (let index = 0; index < values.length; index++) {
    const deviation = (values[index] as number) - mean;
    sum += (counts[index] as number) * deviation;
    low = Math.min(low, deviation);
    high = Math.max(high, deviation);
  }
  // Turned so that what was seen lies above `mean` on the whole, and what lies below has to weigh more.
  const turn = sum < 0 ? -1 : 1;
  const seen = turn > 0 ? -low : high;
  const end = turn > 0 ? mean - least : most - mean;
  const farthest = Math.max(seen, end);
  if (!(farthest > 0)) return within;
  const deviation = (index: number) => turn * ((values[index] as number) - mean);
  // A value weighs 1 / (total (1 + multiplier deviation)); with a larger multiplier the farthest one would weigh less than nothing.
  const limit = 1 / farthest;
  const multiplier = seen < farthest && pull(limit).value >= 0 ? limit : balance();
  let [weights, squares] = [0, 0];
  for (let index = 0; index < values.length; index++) {
    const weight = (counts[index] as number) / (total * (1 + multiplier * deviation(index)));
    weights += weight;
    squares += weight * deviation(index) ** 2;
  }
  return within + squares + (multiplier === limit ? Math.max(0, 1 - weights) * farthest ** 2 : 0);

  /** How far the weighed deviations are from adding up to 0, and how fast that falls as the multiplier rises. */
  function pull(at: number): { value: number; slope: number } {
    let [value, slope] = [0, 0];
    for (let index = 0; index < values.length; index++) {
      const part = deviation(index) / (1 + at * deviation(index));
      value += (counts[index] as number) * part;
      slope += (counts[index] as number) * part ** 2;
    }
    return { value, slope };
  }

  /** The multiplier with which they do: by Newton's method, and by halves where that would leave the bounds. */
  function balance(): number {
    let [below, above, at] = [0, limit, 0];
    for (let step = 0; step < 100; step++) {
      const { value, slope } = pull(at);
      if (value === 0) break;
      if (value > 0) below = at;
      else above = at;
      const newton = at + value / slope;
      const next = newton > below && newton < above ? newton : (below + above) / 2;
      const isThere = Math.abs(next - at) <= 1e-14 * limit;
      at = next;
      if (isThere) break;
    }
    return at;
  }
}
