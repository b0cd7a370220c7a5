import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import type { PowerPlan } from "./evidence.js";

/**
 * By what factor both of two one-sided scores have to grow so that both tests reject with the power that is asked for, each score being normal around
 * its expected value with variance 1. Scores grow with the root of the number of examples.
 * @param above how many standard errors the estimate is above -margin, positive
 * @param below how many it is below margin, positive
 */
export function equivalenceFactor(above: number, below: number, { alpha, power }: PowerPlan): number {
  const z = -normalQuantile(alpha, 0, 1);
  const reached = (factor: number) => normalCdf(factor * above - z, 0, 1) + normalCdf(factor * below - z, 0, 1) - 1;
  // With the lesser of the two alone, and half of the error for each: what is needed lies between.
  const least = Math.min(above, below);
  let [low, high] = [(z + normalQuantile(power, 0, 1)) / least, (z + normalQuantile((1 + power) / 2, 0, 1)) / least];
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (reached(middle) < power) low = middle;
    else high = middle;
  }
  return high;
}
