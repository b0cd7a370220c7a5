import regularizedGamma from "@stdlib/math-base-special-gammainc";
import tCdf from "@stdlib/stats-base-dists-t-cdf";
import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import { chiSquareNodes } from "./chiSquareNodes.js";
import { findRoot } from "./findRoot.js";
import { gaussLegendre } from "./gaussLegendre.js";

/** The mean squares that the variance of a crossed mean is made of; see `crossedMean`. */
export interface CrossedSquares {
  ofSeeds: number;
  ofExamples: number;
  residual: number;
}

/** How many seeds and examples there are. */
export interface CrossedSize {
  seeds: number;
  examples: number;
}

const rule = gaussLegendre(80);
const neglected = 1e-13;

/**
 * The one-sided p-value of a mean of seeds crossed with examples that lies `distance` from its hypothesis: Student's tail with the examples' degrees of
 * freedom, averaged over how large the variance between seeds may be. Few seeds show theirs badly, and a normal tail with the variance that they happen to
 * show errs far too often, most at the small levels that many pairs ask for. Student's t with seeds - 1 degrees of freedom errs as promised and wastes
 * nearly everything where seeds hardly matter, which is the usual case. The average is a generalised p-value: it is Student's with seeds - 1 degrees of
 * freedom where seeds are all there is, nearly normal where examples are, and goes from one to the other as the data say.
 *
 * Source: Tsui and Weerahandi, Journal of the American Statistical Association 84, 1989; Weerahandi, Exact Statistical Methods for Data Analysis, 1995,
 * chapter 9. The mean square of seeds over the variable that it is a multiple of, a chi-square over seeds - 1, takes the place of its expectation; those
 * of examples and of the residual, whose degrees of freedom are many, keep theirs.
 *
 * One seed says nothing about seeds: the tail is Student's, of these examples.
 * @param distance 0 or more
 * @returns 0 to 0.5; of a distance 0.5 where nothing varies only at 0, else 0
 */
export function crossedTail(distance: number, { ofSeeds, ofExamples, residual }: CrossedSquares, { seeds, examples }: CrossedSize): number {
  const freedom = seeds - 1;
  const tail = (total: number) =>
    total > 0 ? tCdf(-distance / Math.sqrt(total / (seeds * examples)), examples - 1) : distance > 0 ? 0 : 0.5;
  if (freedom === 0) return tail(ofExamples);
  // What is of examples beside the seeds' part, which holds the residual once.
  const beside = Math.max(0, ofExamples - residual);
  const scaled = ofSeeds * freedom;
  // From this value of the chi-square on the variance is what examples alone make it.
  const turn = ofExamples > beside ? scaled / (ofExamples - beside) : Infinity;
  const most = Math.min(turn, freedom + 12 * Math.sqrt(2 * freedom) + 80);
  let within = 0;
  if (most > 0)
    for (const { value, weight } of chiSquareNodes(freedom, most, rule, neglected)) within += weight * tail(scaled / value + beside);
  const beyond = turn === Infinity ? 0 : tail(ofExamples) * regularizedGamma(turn / 2, freedom / 2, true, true);
  return Math.min(0.5, within + beyond);
}

/**
 * The distance whose `crossedTail` is a probability: half of the width of an interval at 1 - 2 probability.
 * @param probability above 0 and below 0.5
 * @returns 0 where nothing varies
 */
export function crossedQuantile(probability: number, squares: CrossedSquares, size: CrossedSize): number {
  const { seeds, examples } = size;
  const largest = Math.max(squares.ofSeeds, squares.ofExamples) + Math.max(0, squares.ofExamples - squares.residual);
  if (!(largest > 0)) return 0;
  // On logarithms, of which it is nearly a parabola.
  const excess = (distance: number) => Math.log(Math.max(crossedTail(distance, squares, size), Number.MIN_VALUE) / probability);
  let far = -tQuantile(probability, (seeds === 1 ? examples : Math.min(seeds, examples)) - 1) * Math.sqrt(largest / (seeds * examples));
  while (excess(far) > 0) far *= 2;
  return findRoot(0, far, excess, 1e-12);
}
