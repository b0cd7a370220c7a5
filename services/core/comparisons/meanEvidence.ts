import tCdf from "@stdlib/stats-base-dists-t-cdf";
import tQuantile from "@stdlib/stats-base-dists-t-quantile";
import { beyondRounding, largestSize, steadyMean } from "../statistics/beyondRounding.js";
import { crossedInterval, crossedMean } from "../statistics/crossedMean.js";
import type { Interval } from "../statistics/interval.js";
import { meanInterval } from "../statistics/ratioInterval.js";
import { crossedPower, type VarianceParts } from "./crossedPower.js";
import type { Evidence } from "./evidence.js";

const crossedTest = "t test of a two-way random effects model";

/** A mean of differences, how sure it is, and where its variance comes from. */
interface TestedMean {
  estimate: number;
  standardError: number;
  degreesOfFreedom: number;
  parts: VarianceParts;
}

/**
 * A difference of means of two models on the same examples: a paired t test, whose central limit asks for some dozens of examples.
 * @param differences first less second, one an example
 */
export function pairedEvidence(differences: ArrayLike<number>): Evidence {
  const examples = differences.length;
  const estimate = examples === 0 ? Number.NaN : steadyMean(differences);
  let squares = 0;
  for (let index = 0; index < examples; index++) squares += ((differences[index] as number) - estimate) ** 2;
  squares = beyondRounding(squares, examples, largestSize(differences));
  const variance = squares / (examples - 1);
  if (!(variance > 0)) return unvaried("paired t test", meanInterval(differences, 0.5));
  const parts = { examples, exampleVariance: variance };
  const mean = { estimate, standardError: Math.sqrt(variance / examples), degreesOfFreedom: examples - 1, parts };
  return meanEvidence("paired t test", { method: "linearised ratio, t", about: "examples" }, mean);
}

/**
 * A difference of means of two methods, each with a model for every seed, on the same examples: means of seeds crossed with examples.
 * @param differences one row a seed with one value an example, first less second
 */
export function crossedEvidence(differences: readonly ArrayLike<number>[]): Evidence {
  const shape = { method: "two-way random effects, t", about: "examples and seeds" } as const;
  const mean = crossedMean(differences);
  if (!mean || mean.standardError === 0) return unvaried(crossedTest, crossedInterval(differences, 0.5));
  return meanEvidence(crossedTest, shape, { ...mean, parts: mean });
}

// Evidence of all pairs is kept until their p-values are corrected: it keeps figures, not outcomes.
function meanEvidence(test: string, shape: Pick<Interval, "method" | "about">, mean: TestedMean): Evidence {
  const { estimate, standardError, degreesOfFreedom } = mean;
  const tail = (distance: number) => tCdf(-distance / standardError, degreesOfFreedom);
  return {
    estimate,
    interval: (level) => {
      // The upper tail's mass keeps its digits for levels close to 1.
      const half = -tQuantile((1 - level) / 2, degreesOfFreedom) * standardError;
      return { estimate, lower: estimate - half, upper: estimate + half, level, ...shape };
    },
    test,
    pValue: 2 * tail(Math.abs(estimate)),
    equivalenceP: (margin) => Math.max(tail(estimate + margin), tail(margin - estimate)),
    power: crossedPower(estimate, mean.parts, mean),
  };
}

/** Values that do not vary, and one value alone, show nothing: p is 1. */
function unvaried(test: string, interval: Interval): Evidence {
  const power = { minimumDetectableDifference: () => undefined, toDetect: () => undefined, toEquate: () => undefined };
  return { estimate: interval.estimate, interval: (level) => ({ ...interval, level }), test, pValue: 1, equivalenceP: () => 1, power };
}
