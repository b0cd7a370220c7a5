import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import { checkLevel } from "./checkArguments.js";
import type { Interval } from "./interval.js";

/**
 * The interval of a mean over examples that come in groups, such as sentences of one document, which are alike: the sandwich variance with groups for
 * clusters, times groups / (groups - 1), and Student's t with groups - 1 degrees of freedom. Source: Liang and Zeger, Biometrika 73, 1986.
 * @param values one an example: 1 for right and 0 for wrong, or a loss
 * @param groups which group each example is of
 * @param level confidence level, above 0 and below 1
 * @throws RangeError for a level outside its range, or different numbers of values and groups
 */
export function clusteredInterval(values: ArrayLike<number>, groups: ArrayLike<number | string>, level: number): Interval {
  checkLevel(level);
  const n = values.length;
  if (groups.length !== n) throw new RangeError(`there are ${n} values and ${groups.length} groups; allowed: as many of each`);
  const shape = { level, method: "clustered, t", about: "examples" } as const;
  let sum = 0;
  for (let index = 0; index < n; index++) sum += values[index] as number;
  const estimate = sum / n;
  const totals = new Map<number | string, number>();
  for (let index = 0; index < n; index++) {
    const group = groups[index] as number | string;
    totals.set(group, (totals.get(group) ?? 0) + (values[index] as number) - estimate);
  }
  const count = totals.size;
  if (count < 2)
    return {
      estimate,
      ...shape,
      unavailable: `there ${count === 1 ? "is one group" : "are no groups"}; two are needed to see how much they vary`,
    };
  const squares = [...totals.values()].reduce((all, total) => all + total ** 2, 0);
  const error = Math.sqrt((count / (count - 1)) * squares) / n;
  if (error === 0) return { estimate, ...shape, unavailable: "every group has the same mean: the data do not show how much they vary" };
  const half = -tQuantile((1 - level) / 2, count - 1) * error;
  return { estimate, ...shape, lower: estimate - half, upper: estimate + half };
}
