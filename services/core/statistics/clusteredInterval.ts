import type { Interval } from "./interval.js";
import { notFinite } from "./notFinite.js";
import { ratioInterval } from "./ratioInterval.js";

/**
 * The interval of a mean over examples that come in groups, such as sentences of one document, which are alike: the sandwich variance with groups for
 * clusters, times groups / (groups - 1), and Student's t with groups - 1 degrees of freedom. Source: Liang and Zeger, Biometrika 73, 1986.
 * @param values one an example: 1 for right and 0 for wrong, or a loss
 * @param groups which group each example is of
 * @param level confidence level, above 0 and below 1
 * @param counts over how many tokens each value is a sum; left out where each is of one
 * @throws RangeError for a level outside its range, or different numbers of values and groups
 */
export function clusteredInterval(
  values: ArrayLike<number>,
  groups: ArrayLike<number | string>,
  level: number,
  counts?: ArrayLike<number>,
): Interval {
  const n = values.length;
  if (groups.length !== n) throw new RangeError(`there are ${n} values and ${groups.length} groups; allowed: as many of each`);
  const places = new Map<number | string, number>();
  for (let index = 0; index < n; index++) {
    const group = groups[index] as number | string;
    if (!places.has(group)) places.set(group, places.size);
  }
  const sums = new Float64Array(places.size);
  const sizes = new Float64Array(places.size);
  for (let index = 0; index < n; index++) {
    const place = places.get(groups[index] as number | string) as number;
    sums[place] = (sums[place] as number) + (values[index] as number);
    sizes[place] = (sizes[place] as number) + (counts?.[index] ?? 1);
  }
  const broken = notFinite("value", values);
  // The groups are what is independent.
  const { unavailable, ...interval } = ratioInterval(sums, sizes, level);
  const shape = { ...interval, method: "clustered, t" } as const;
  if (broken !== undefined) return { ...shape, unavailable: broken };
  if (unavailable === undefined) return shape;
  const why =
    sums.length < 2
      ? `there ${sums.length === 1 ? "is one group" : "are no groups"}; two are needed to see how much they vary`
      : "every group has the same mean: the data do not show how much they vary";
  return { ...shape, unavailable: why };
}
