import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import { findRoot } from "../statistics/findRoot.js";
import type { Prospect } from "./evidence.js";

/** With what probability a pair comes out how. */
export interface Chances {
  /** Its difference is shown, in its direction, and not that it is below the margin, which would go first. */
  difference: number;
  /** Its difference is shown to be below the margin. */
  equivalence: number;
}

/**
 * The probability of each verdict, were the difference what it is taken to be.
 * @param margin above 0; left out: nothing is equivalent
 */
export function chancesOf(difference: number, { standardError, scenarios }: Prospect, margin?: number): Chances {
  const size = Math.abs(difference);
  // Of an estimate between two places, each in the direction of the difference.
  const between = (low: number, high: number) => (high > low ? below(high) - below(low) : 0);
  const below = (place: number) => (standardError > 0 ? normalCdf(place, size, standardError) : size < place ? 1 : 0);
  const chances = { difference: 0, equivalence: 0 };
  for (const { weight, distances } of scenarios) {
    const { above, below: under } = (margin === undefined ? undefined : distances.ofMargin?.()) ?? { above: Infinity, below: Infinity };
    const [towards, away] = difference < 0 ? [above, under] : [under, above];
    const [low, high] = margin === undefined ? [0, 0] : [away - margin, margin - towards];
    chances.equivalence += weight * between(low, high);
    const shown = Math.max(distances.ofNone, high > low ? high : -Infinity);
    chances.difference += weight * (1 - below(shown));
  }
  return chances;
}

/**
 * The smallest difference that is shown with a probability.
 * @param prospectOf what there is to see of a difference
 * @param power above 0.5 and below 1
 * @param most the largest that can be
 * @returns undefined where even that is not shown so often
 */
export function detectableDifference(prospectOf: (difference: number) => Prospect, power: number, most: number): number | undefined {
  if (!(most > 0)) return undefined;
  const excess = (difference: number) => chancesOf(difference, prospectOf(difference)).difference - power;
  // From where a normal test at 0.05 would see it, outwards.
  let [low, high] = [0, Math.min(most, 2.8 * prospectOf(0).standardError || most)];
  for (; excess(high) < 0; [low, high] = [high, Math.min(most, 1.5 * high)]) if (high === most) return undefined;
  return findRoot(low, high, excess, 1e-4);
}
