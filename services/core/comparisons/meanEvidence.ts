import tCdf from "@stdlib/stats-base-dists-t-cdf";
import { crossedInterval, crossedMean, crossedPValue } from "../statistics/crossedMean.js";
import { ratioInterval } from "../statistics/ratioInterval.js";
import { crossedPower, type VarianceParts } from "./crossedPower.js";
import type { Evidence } from "./evidence.js";

/** A mean of differences, how sure it is, and where its variance comes from. */
interface TestedMean {
  standardError: number;
  degreesOfFreedom: number;
  parts: VarianceParts;
}

/**
 * A difference of means of two models on the same examples: a paired t test, whose central limit asks for some dozens of examples.
 * @param differences first less second, one an example
 */
export function pairedEvidence(differences: ArrayLike<number>): Evidence {
  const n = differences.length;
  const examples = Array.from(differences, (sum) => ({ sum, count: 1 }));
  const { estimate } = ratioInterval(examples, 0.5);
  const variance = examples.reduce((sum, { sum: value }) => sum + (value - estimate) ** 2, 0) / (n - 1);
  const mean = { standardError: Math.sqrt(variance / n), degreesOfFreedom: n - 1, parts: { examples: n, exampleVariance: variance } };
  return {
    estimate,
    interval: (level) => ratioInterval(examples, level),
    test: "paired t",
    ...tests(estimate, n < 2 ? undefined : mean),
  };
}

/**
 * A difference of means of two methods, each with a model for every seed, on the same examples: means of seeds crossed with examples.
 * @param differences one row a seed with one value an example, first less second
 */
export function crossedEvidence(differences: readonly ArrayLike<number>[]): Evidence {
  const found = crossedMean(differences);
  const estimate = found?.estimate ?? crossedInterval(differences, 0.5).estimate;
  return {
    estimate,
    interval: (level) => crossedInterval(differences, level),
    test: "two-way random effects, t",
    ...tests(estimate, found && { ...found, parts: found }),
    ...(found && found.standardError > 0 && { pValue: crossedPValue(found, 0) }),
  };
}

/** Values that do not vary, and one value alone, show nothing: p is 1. */
function tests(estimate: number, mean: TestedMean | undefined): Pick<Evidence, "pValue" | "equivalenceP" | "power"> {
  if (!mean || !(mean.standardError > 0)) {
    const power = { minimumDetectableDifference: () => undefined, toDetect: () => undefined, toEquate: () => undefined };
    return { pValue: 1, equivalenceP: () => 1, power };
  }
  const { standardError, degreesOfFreedom } = mean;
  const tail = (distance: number) => tCdf(-distance / standardError, degreesOfFreedom);
  return {
    pValue: 2 * tail(Math.abs(estimate)),
    equivalenceP: (margin) => Math.max(tail(estimate + margin), tail(margin - estimate)),
    power: crossedPower(estimate, mean.parts, mean),
  };
}
