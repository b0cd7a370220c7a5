import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import { chiSquareNodes } from "../statistics/chiSquareNodes.js";
import { crossedError } from "../statistics/crossedMean.js";
import type { CrossedSize, CrossedSquares } from "../statistics/crossedTail.js";
import { findRoot } from "../statistics/findRoot.js";
import { gaussLegendre } from "../statistics/gaussLegendre.js";
import type { MeanTest } from "../statistics/meanTest.js";
import type { Distances, Outlook, Prospect } from "./evidence.js";

// A plan is looked at for hundreds of amounts: it takes fewer nodes than a p-value, and the tail of a normal distribution, stretched to Student's.
const seenRule = gaussLegendre(8);
const tailRule = gaussLegendre(16);
const tolerance = 1e-5;

/**
 * What more examples and more seeds would show of a mean, were its variance components those that were found: what `crossedTail` asks for, averaged over
 * the variance that seeds may happen to show.
 * @param margin left out: nothing is said about equivalence
 */
export function meanOutlook(
  { size: now, estimate, squares, extraVariance }: Pick<MeanTest, "size" | "estimate" | "squares" | "extraVariance">,
  margin?: number,
): Outlook {
  const { ofSeeds, ofExamples, residual } = squares;
  // Components that came out negative count as 0.
  const seedVariance = Math.max(0, (ofSeeds - residual) / now.examples);
  const exampleVariance = Math.max(0, (ofExamples - residual) / now.seeds);
  return (size, alpha, difference): Prospect => {
    // What a hypothesis adds to the variance of an example's mean over seeds: it is as far from values that were found as from those there would be.
    const extra = (mean: number) => extraVariance(estimate + mean - difference);
    const ofNone = extra(0);
    const expected = {
      ofSeeds: now.seeds === 1 ? 0 : residual + size.examples * seedVariance,
      ofExamples: residual + size.seeds * exampleVariance,
      residual,
    };
    const distancesAt = (seen: number): Distances => {
      const distance = (probability: number, more: number) =>
        plannedDistance(probability, { ...expected, ofSeeds: seen, ofExamples: expected.ofExamples + size.seeds * more }, size);
      return {
        ofNone: distance(alpha / 2, ofNone),
        ...(margin !== undefined && {
          ofMargin: () => ({ above: distance(alpha, extra(-margin)), below: distance(alpha, extra(margin)) }),
        }),
      };
    };
    return {
      standardError: crossedError(expected, size),
      scenarios: seedSquares(expected, size).map(({ seen, weight }) => ({ weight, distances: distancesAt(seen) })),
    };
  };
}

/** What the mean square of seeds may come out as, with what probability. */
function seedSquares({ ofSeeds }: CrossedSquares, { seeds }: CrossedSize): { seen: number; weight: number }[] {
  if (!(ofSeeds > 0)) return [{ seen: 0, weight: 1 }];
  const freedom = seeds - 1;
  return shares(chiSquareNodes(freedom, freedom + 5 * Math.sqrt(2 * freedom) + 6, seenRule, 1e-4)).map(({ value, weight }) => ({
    seen: (ofSeeds * value) / freedom,
    weight,
  }));
}

/** Weights that add up to 1: what a coarse rule leaves out is spread over what it does not. */
function shares(nodes: readonly { value: number; weight: number }[]): { value: number; weight: number }[] {
  const total = nodes.reduce((sum, { weight }) => sum + weight, 0);
  return nodes.map(({ value, weight }) => ({ value, weight: weight / total }));
}

/** The distance whose `crossedTail` is a probability, to a thousandth or so. */
function plannedDistance(probability: number, { ofSeeds, ofExamples, residual }: CrossedSquares, { seeds, examples }: CrossedSize): number {
  if (ofExamples === Infinity) return Infinity;
  const normal = -normalQuantile(probability, 0, 1);
  const stretch = -tQuantile(probability, examples - 1) / normal / Math.sqrt(seeds * examples);
  const freedom = seeds - 1;
  if (freedom === 0 || !(ofSeeds > 0)) return normal * stretch * Math.sqrt(ofExamples);
  const beside = Math.max(0, ofExamples - residual);
  const parts = shares(chiSquareNodes(freedom, freedom + 8 * Math.sqrt(2 * freedom) + 20, tailRule, 1e-3 * probability)).map(
    ({ value, weight }) => ({ weight, deviation: Math.sqrt(Math.max((ofSeeds * freedom) / value + beside, ofExamples)) }),
  );
  const excess = (distance: number) => {
    const tail = parts.reduce((sum, { weight, deviation }) => sum + weight * normalCdf(-distance / deviation, 0, 1), 0);
    return Math.log(Math.max(tail, Number.MIN_VALUE) / probability);
  };
  let far = normal * Math.sqrt(Math.max(ofSeeds + beside, ofExamples));
  while (excess(far) > 0) far *= 2;
  return stretch * findRoot(0, far, excess, tolerance);
}
