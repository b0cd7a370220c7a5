import { drawBinomial } from "./binomialDraw.js";
import { Generator } from "./generator.js";
import type { ResampleRange } from "./resampleMeans.js";

/**
 * A statistic of resampled tables. Examples of one cell are alike, so a resample of the examples is a multinomial draw of the cells' counts: it takes
 * as long for ten million examples as for ten.
 * @param counts of each cell, whole numbers from 0
 * @param statistic of counts, which it must not keep
 */
export function resampleTable(
  counts: ArrayLike<number>,
  statistic: (counts: Float64Array) => number,
  { seed, from, to }: ResampleRange,
): Float64Array {
  // Empty cells stay empty.
  const filled = Array.from(counts, (count, cell) => ({ cell, count })).filter(({ count }) => count > 0);
  const total = filled.reduce((sum, { count }) => sum + count, 0);
  const drawn = new Float64Array(counts.length);
  const values = new Float64Array(to - from);
  for (let resample = from; resample < to; resample++) {
    const generator = new Generator(seed, resample);
    let left = total;
    let leftCount = total;
    for (const [index, { cell, count }] of filled.entries()) {
      const successes = index === filled.length - 1 ? left : drawBinomial(generator, left, count / leftCount);
      drawn[cell] = successes;
      left -= successes;
      leftCount -= count;
    }
    values[resample - from] = statistic(drawn);
  }
  return values;
}
