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
  // What a hypothesis so far below, or above, adds to the variance of an example's mean over seeds: the larger it is, the farther an estimate has to be.
  const below = onGrid((distance) => extraVariance(estimate - distance));
  const above = onGrid((distance) => extraVariance(estimate + distance));
  return (size, alpha, difference): Prospect => {
    const expected = {
      ofSeeds: now.seeds === 1 ? 0 : residual + size.examples * seedVariance,
      ofExamples: residual + size.seeds * exampleVariance,
      residual,
    };
    const distancesAt = (seen: number): Distances => {
      const distance = (probability: number, extra: (distance: number) => number) =>
        plannedDistance(probability, { ...expected, ofSeeds: seen }, size, extra);
      return {
        ofNone: distance(alpha / 2, difference < 0 ? above : below),
        ...(margin !== undefined && { ofMargin: () => ({ above: distance(alpha, below), below: distance(alpha, above) }) }),
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

/** The distance whose `crossedTail` is a probability, to a thousandth or so. @param extra by which a distance makes the examples' variance larger */
function plannedDistance(
  probability: number,
  { ofSeeds, ofExamples, residual }: CrossedSquares,
  { seeds, examples }: CrossedSize,
  extra: (distance: number) => number,
): number {
  const scale = Math.sqrt(seeds * examples);
  const stretch = -tQuantile(probability, examples - 1) / -normalQuantile(probability, 0, 1);
  const freedom = seeds - 1;
  const chiSquares =
    freedom === 0 || !(ofSeeds > 0)
      ? [{ value: Infinity, weight: 1 }]
      : shares(chiSquareNodes(freedom, freedom + 8 * Math.sqrt(2 * freedom) + 20, tailRule, 1e-3 * probability));
  const excess = (distance: number) => {
    const square = ofExamples + seeds * extra(distance);
    const beside = Math.max(0, square - residual);
    const tailAt = (value: number) => {
      const variance = Math.max((ofSeeds * freedom) / value + beside, square);
      return variance > 0 ? normalCdf((-distance * scale) / stretch / Math.sqrt(variance), 0, 1) : distance > 0 ? 0 : 0.5;
    };
    const tail = chiSquares.reduce((sum, { value, weight }) => sum + weight * tailAt(value), 0);
    return Math.log(Math.max(tail, Number.MIN_VALUE) / probability);
  };
  let [near, far] = [0, (-tQuantile(probability, examples - 1) * Math.sqrt(ofSeeds + ofExamples)) / scale || 1 / scale];
  for (; excess(far) > 0; [near, far] = [far, 2 * far]) if (far > 1e9) return Infinity;
  return findRoot(near, far, excess, tolerance);
}

/** A function of distances that is looked at often, worked out at steps of two in a hundred and straight between. */
function onGrid(of: (distance: number) => number): (distance: number) => number {
  const known = new Map<number, number>();
  const at = (step: number) => {
    const value = known.get(step) ?? of(1.02 ** step);
    known.set(step, value);
    return value;
  };
  return (distance) => {
    if (!(distance > 0)) return of(0);
    const place = Math.log(distance) / Math.log(1.02);
    const step = Math.floor(place);
    const [low, high] = [at(step), at(step + 1)];
    return high === Infinity ? high : low + (place - step) * (high - low);
  };
}
