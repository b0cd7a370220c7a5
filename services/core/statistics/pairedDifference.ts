import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { checkCount, checkLevel } from "./checkArguments.js";
import type { Interval } from "./interval.js";
import { wilsonInterval } from "./wilson.js";

/** What two classifiers make of the same examples: how many both, one or neither has right. */
export interface PairedCounts {
  both: number;
  onlyFirst: number;
  onlySecond: number;
  neither: number;
}

/** How the interval of a difference of paired proportions is computed. */
export type PairedMethod = "tango" | "newcombe";

/**
 * The difference of two proportions of the same examples, first less second, with an interval.
 *
 * - `tango`: the differences that the score test does not reject. Tango, Statistics in Medicine 17, 1998.
 * - `newcombe`: Wilson's intervals of both proportions, squared and added with their correlation, as of a continuity-corrected phi. Newcombe,
 *   Statistics in Medicine 17, 1998, method 10.
 *
 * Both are recommended by Fagerland, Lydersen and Laake, Statistics in Medicine 33, 2014.
 * @returns from -1 to 1; `unavailable` without examples
 * @throws RangeError when a value is outside what is allowed
 */
export function pairedDifference(counts: PairedCounts, level: number, method: PairedMethod): Interval {
  for (const [name, count] of Object.entries(counts)) checkCount(name, count as number);
  checkLevel(level);
  const { both, onlyFirst, onlySecond, neither } = counts;
  const n = both + onlyFirst + onlySecond + neither;
  const shape = { level, method, about: "examples" } as const;
  if (n === 0) return { estimate: Number.NaN, ...shape, unavailable: "there are no examples (n = 0)" };
  const bounds = method === "tango" ? tangoBounds(counts, n, level) : newcombeBounds(counts, n, level);
  return { estimate: (onlyFirst - onlySecond) / n, ...bounds, ...shape };
}

function newcombeBounds({ both, onlyFirst, onlySecond, neither }: PairedCounts, n: number, level: number) {
  const [first, second] = [both + onlyFirst, both + onlySecond];
  const [p, q] = [first / n, second / n];
  const [a, b] = [wilsonInterval(first, n, level), wilsonInterval(second, n, level)];
  const phi = correlation();
  const away = (x: number, y: number) => Math.sqrt(Math.max(0, x ** 2 - 2 * phi * x * y + y ** 2));
  const difference = p - q;
  return {
    lower: Math.max(-1, difference - away(p - (a.lower ?? p), (b.upper ?? q) - q)),
    upper: Math.min(1, difference + away((a.upper ?? p) - p, q - (b.lower ?? q))),
  };

  /** Phi; a positive one is corrected for continuity. */
  function correlation(): number {
    const margins = first * second * (n - first) * (n - second);
    if (margins === 0) return 0;
    const product = both * neither - onlyFirst * onlySecond;
    const corrected = product > n / 2 ? product - n / 2 : product >= 0 ? 0 : product;
    return corrected / Math.sqrt(margins);
  }
}

function tangoBounds(counts: PairedCounts, n: number, level: number) {
  const { onlyFirst, onlySecond } = counts;
  const z = -normalQuantile((1 - level) / 2, 0, 1);
  const estimate = (onlyFirst - onlySecond) / n;
  // The score falls as the difference rises: z above the lower bound, -z below the upper one.
  return {
    lower: onlySecond === n ? -1 : root(-1, estimate, z),
    upper: onlyFirst === n ? 1 : root(estimate, 1, -z),
  };

  /** The difference whose score is `target`, by bisection to the last digit. */
  function root(low: number, high: number, target: number): number {
    let [below, above] = [low, high];
    for (let step = 0; step < 200; step++) {
      const middle = (below + above) / 2;
      if (middle === below || middle === above) break;
      if (tangoScore(counts, middle) > target) below = middle;
      else above = middle;
    }
    return (below + above) / 2;
  }
}

/**
 * Tango's score of the hypothesis that the first proportion less the second is `difference`: standard normal where it is, with the likeliest
 * nuisance parameter under it.
 * @param difference from -1 to 1
 * @returns positive where more was observed; infinite where the hypothesis leaves no room for what was
 */
export function tangoScore(counts: PairedCounts, difference: number): number {
  const { both, onlyFirst, onlySecond, neither } = counts;
  // Below 0 the terms under the root cancel each other; above it they do not, and the groups can be turned round.
  if (difference < 0) return -tangoScore({ both, onlyFirst: onlySecond, onlySecond: onlyFirst, neither }, -difference);
  const n = both + onlyFirst + onlySecond + neither;
  const b = -onlyFirst - onlySecond + (2 * n - onlyFirst + onlySecond) * difference;
  const c = -onlySecond * difference * (1 - difference);
  const root = Math.sqrt(b ** 2 - 8 * n * c);
  // The positive root of 2n x^2 + bx + c, in the form that subtracts nothing.
  const secondOnly = b > 0 ? (-2 * c) / (root + b) : (root - b) / (4 * n);
  const variance = n * (2 * secondOnly + difference * (1 - difference));
  const gap = onlyFirst - onlySecond - n * difference;
  if (variance <= 0) return gap === 0 ? 0 : gap * Infinity;
  return gap / Math.sqrt(variance);
}
