/**
 * Counts lengths in buckets that double: at most 8, 16, 32, 64, and so on up to the longest.
 * @param lengths whole numbers from 0, for example token counts
 * @returns the buckets from 8 to the last one that holds a length; none for no length
 */
export function lengthHistogram(lengths: readonly number[]): { atMost: number; rows: number }[] {
  const buckets: { atMost: number; rows: number }[] = [];
  for (const length of lengths) {
    let index = 0;
    while (smallest * 2 ** index < length) index++;
    while (buckets.length <= index) buckets.push({ atMost: smallest * 2 ** buckets.length, rows: 0 });
    (buckets[index] as { rows: number }).rows++;
  }
  return buckets;
}

const smallest = 8;
