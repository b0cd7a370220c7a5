import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { cohensH } from "../statistics/cohensH.js";
import { equivalenceTest } from "../statistics/equivalenceTest.js";
import { mcnemarTest } from "../statistics/mcnemar.js";
import { pairedDifference, type PairedCounts, type PairedMethod, tangoScore } from "../statistics/pairedDifference.js";
import type { Evidence, EvidencePlan, Outlook } from "./evidence.js";

/**
 * Two models that are right or wrong on the same examples: McNemar's exact test, the interval of the difference of paired proportions, score tests
 * of equivalence.
 * @param first 1 for right, 0 for wrong, one an example
 * @param second as many
 */
export function binaryEvidence(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  method: PairedMethod,
  { level, margin }: EvidencePlan,
): Evidence {
  const counts = countPairs(first, second);
  const n = first.length;
  const estimate = (counts.onlyFirst - counts.onlySecond) / n;
  const deviation = Math.sqrt(Math.max(0, disagreementOf(counts) - estimate ** 2));
  return {
    estimate,
    ...(deviation > 0 && { standardError: deviation / Math.sqrt(n) }),
    interval: (at) => pairedDifference(counts, at, method),
    test: "McNemar's exact test",
    ...mcnemarTest(counts.onlyFirst, counts.onlySecond),
    ...(margin !== undefined && { equivalenceP: equivalenceTest(counts, margin).pValue }),
    effectSize: cohensH(counts, level),
    outlook: binaryOutlook(counts, margin),
    mostDifference: disagreementOf(counts),
  };
}

/**
 * What more examples would show, were the shares of right and wrong answers those that were found. That the exact test needs more than its normal
 * approximation is corrected for by one example: Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, third edition, 2003, section 4.2.
 */
function binaryOutlook(counts: PairedCounts, margin?: number): Outlook {
  const disagreement = disagreementOf(counts);
  // Tango's scores grow with the root of the examples exactly, also where the two never disagree.
  const errorAt = (mean: number) => {
    const { both, onlyFirst, onlySecond, neither } = counts;
    const n = both + onlyFirst + onlySecond + neither;
    const gap = (onlyFirst - onlySecond) / n - mean;
    return gap === 0 ? 0 : (Math.sqrt(n) * gap) / tangoScore(counts, mean);
  };
  const [above, below] = margin === undefined ? [0, 0] : [errorAt(-margin), errorAt(margin)];
  return ({ examples }, alpha, difference) => {
    const root = Math.sqrt(examples);
    const [twoSided, oneSided] = [-normalQuantile(alpha / 2, 0, 1), -normalQuantile(alpha, 0, 1)];
    const distances = {
      ofNone: (twoSided * Math.sqrt(disagreement)) / root + 1 / examples,
      ...(margin !== undefined && { ofMargin: () => ({ above: (oneSided * above) / root, below: (oneSided * below) / root }) }),
    };
    return {
      standardError: Math.sqrt(Math.max(0, disagreement - difference ** 2) / examples),
      scenarios: [{ weight: 1, distances }],
    };
  };
}

function disagreementOf({ both, onlyFirst, onlySecond, neither }: PairedCounts): number {
  return (onlyFirst + onlySecond) / (both + onlyFirst + onlySecond + neither);
}

function countPairs(first: ArrayLike<number>, second: ArrayLike<number>): PairedCounts {
  const counts = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  for (let index = 0; index < first.length; index++) {
    if (first[index] === 1) counts[second[index] === 1 ? "both" : "onlyFirst"]++;
    else counts[second[index] === 1 ? "onlySecond" : "neither"]++;
  }
  return counts;
}
