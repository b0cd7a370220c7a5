import { meanSquares } from "../statistics/crossedMean.js";
import { crossedQuantile } from "../statistics/crossedTail.js";
import type { Interval } from "../statistics/interval.js";

/**
 * Cohen's h of two mean accuracies over seeds, first less second, with the interval that the delta method makes of that of the difference: each
 * outcome is multiplied by the derivative of 2 arcsin(sqrt(p)). See `cohensH`, which is that of one seed.
 * @param first one row a seed, 1 for right and 0 for wrong
 * @param second as many rows, of the same examples
 * @param level confidence level, above 0 and below 1
 */
export function crossedCohensH(first: readonly ArrayLike<number>[], second: readonly ArrayLike<number>[], level: number): Interval {
  const [p, q] = [meanOf(first), meanOf(second)];
  const estimate = 2 * Math.asin(Math.sqrt(p)) - 2 * Math.asin(Math.sqrt(q));
  const shape = { estimate, level, method: "delta method, generalised", about: "examples and seeds" } as const;
  if (Math.min(p, q) === 0 || Math.max(p, q) === 1)
    return { ...shape, unavailable: "a mean accuracy is 0 or 1: the data do not show how much it varies" };
  const slope = (share: number) => 1 / Math.sqrt(share * (1 - share));
  const rows = first.map((row, seed) =>
    Float64Array.from(
      { length: row.length },
      (_, index) => slope(p) * (row[index] as number) - slope(q) * (second[seed]?.[index] as number),
    ),
  );
  const found = meanSquares(rows);
  const half = found ? crossedQuantile((1 - level) / 2, found.squares, found.size) : 0;
  if (half === 0) return { ...shape, unavailable: "the outcomes do not show how much they vary" };
  return { ...shape, lower: Math.max(-Math.PI, estimate - half), upper: Math.min(Math.PI, estimate + half) };
}

function meanOf(rows: readonly ArrayLike<number>[]): number {
  let [sum, count] = [0, 0];
  for (const row of rows) {
    for (let index = 0; index < row.length; index++) sum += row[index] as number;
    count += row.length;
  }
  return sum / count;
}
