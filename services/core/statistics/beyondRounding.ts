/**
 * A sum of squared deviations, or 0 where it is no more than rounding leaves of values that are all the same: up to four units in the last place each.
 * Without it a variance of 1e-34 passes for one, and whatever is divided by it for certain.
 * @param squares sum of the squares of deviations from a mean
 * @param count how many there are
 * @param largest of the values' sizes
 */
export function beyondRounding(squares: number, count: number, largest: number): number {
  return squares <= count * (4 * Number.EPSILON * largest) ** 2 ? 0 : squares;
}

/**
 * The mean, without what rounding adds up to over many values that are nearly the same.
 * @param values at least one
 */
export function steadyMean(values: ArrayLike<number>): number {
  const first = values[0] as number;
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += (values[index] as number) - first;
  return first + sum / values.length;
}

/** The largest size among values; 0 of none. */
export function largestSize(values: ArrayLike<number>): number {
  let largest = 0;
  for (let index = 0; index < values.length; index++) largest = Math.max(largest, Math.abs(values[index] as number));
  return largest;
}
