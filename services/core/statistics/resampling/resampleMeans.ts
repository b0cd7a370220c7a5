import { Generator, mostRows } from "./generator.js";

/** Which of a seed's resamples to draw. */
export interface ResampleRange {
  /** A whole number from 0 to 2^32 - 1. */
  seed: number;
  /** The first, from 0. */
  from: number;
  /** The one after the last. */
  to: number;
}

/**
 * Means of resamples: as many values drawn with replacement as there are. Resample i is the same whatever else is drawn.
 * @param values at most 2^21
 * @throws RangeError for none or too many values
 */
export function resampleMeans(values: Float64Array, { seed, from, to }: ResampleRange): Float64Array {
  const n = values.length;
  if (n < 1 || n > mostRows) throw new RangeError(`there are ${n} values; allowed: 1 to ${mostRows}`);
  const means = new Float64Array(to - from);
  for (let resample = from; resample < to; resample++) means[resample - from] = new Generator(seed, resample).sumOfDraws(values) / n;
  return means;
}
