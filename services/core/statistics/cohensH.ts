import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { checkCount, checkLevel } from "./checkArguments.js";
import type { Interval } from "./interval.js";
import type { PairedCounts } from "./pairedDifference.js";

/**
 * Cohen's h of two proportions of the same examples, first less second: the difference of 2 arcsin(sqrt(p)), which is as hard to see near 0 and 1 as
 * in the middle; 0.2 is called small, 0.5 medium, 0.8 large. The interval is normal, by the delta method with the correlation phi of the two:
 * variance 2 (1 - phi) / n. Source: Cohen, Statistical Power Analysis for the Behavioral Sciences, second edition, 1988, chapter 6.
 * @returns from -pi to pi; `unavailable` without examples, where the two never disagree, and where one is 0 or 1: the delta method does not hold there
 * @throws RangeError when a value is outside what is allowed
 */
export function cohensH(counts: PairedCounts, level: number): Interval {
  for (const [name, count] of Object.entries(counts)) checkCount(name, count as number);
  checkLevel(level);
  const { both, onlyFirst, onlySecond, neither } = counts;
  const n = both + onlyFirst + onlySecond + neither;
  const shape = { level, method: "delta method, normal", about: "examples" } as const;
  if (n === 0) return { estimate: Number.NaN, ...shape, unavailable: "there are no examples (n = 0)" };
  const angle = (successes: number) => 2 * Math.asin(Math.sqrt(successes / n));
  const [first, second] = [both + onlyFirst, both + onlySecond];
  const estimate = angle(first) - angle(second);
  if (onlyFirst + onlySecond === 0)
    return { estimate, ...shape, unavailable: "the two agree on every example: the data do not show how much they vary" };
  const margins = first * (n - first) * second * (n - second);
  if (margins === 0) return { estimate, ...shape, unavailable: "an accuracy is 0 or 1: the data do not show how much it varies" };
  const phi = (both * neither - onlyFirst * onlySecond) / Math.sqrt(margins);
  const half = -normalQuantile((1 - level) / 2, 0, 1) * Math.sqrt((2 * (1 - phi)) / n);
  return { estimate, lower: Math.max(-Math.PI, estimate - half), upper: Math.min(Math.PI, estimate + half), ...shape };
}
