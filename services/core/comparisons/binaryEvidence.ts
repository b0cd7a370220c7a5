import { cohensH } from "../statistics/cohensH.js";
import { equivalenceTest } from "../statistics/equivalenceTest.js";
import { mcnemarTest } from "../statistics/mcnemar.js";
import { pairedDifference, type PairedCounts, type PairedMethod, tangoScore } from "../statistics/pairedDifference.js";
import { examplesNeeded, minimumDetectableDifference } from "../statistics/pairedPower.js";
import { equivalenceFactor } from "./equivalencePower.js";
import type { Evidence } from "./evidence.js";

/**
 * Two models that are right or wrong on the same examples: McNemar's exact test, the interval of the difference of paired proportions, score tests
 * of equivalence.
 * @param first 1 for right, 0 for wrong, one an example
 * @param second as many
 */
export function binaryEvidence(first: ArrayLike<number>, second: ArrayLike<number>, method: PairedMethod): Evidence {
  const counts = countPairs(first, second);
  const n = first.length;
  const disagreement = (counts.onlyFirst + counts.onlySecond) / n;
  const estimate = (counts.onlyFirst - counts.onlySecond) / n;
  return {
    estimate,
    interval: (level) => pairedDifference(counts, level, method),
    test: "McNemar's exact test",
    ...mcnemarTest(counts.onlyFirst, counts.onlySecond),
    equivalenceP: (margin) => equivalenceTest(counts, margin).pValue,
    effectSize: (level) => cohensH(counts, level),
    power: {
      minimumDetectableDifference: (plan) => {
        const least = disagreement === 0 ? Infinity : minimumDetectableDifference(n, { disagreement, ...plan });
        return least === Infinity ? undefined : least;
      },
      toDetect: (plan) => (estimate === 0 ? undefined : { examples: Math.max(n + 1, examplesNeeded(estimate, { disagreement, ...plan })) }),
      toEquate: (margin, plan) => {
        // Tango's scores grow with the root of the examples exactly, also where the two never disagree.
        const [above, below] = [tangoScore(counts, -margin), -tangoScore(counts, margin)];
        if (!(above > 0 && below > 0)) return undefined;
        return { examples: Math.max(n + 1, Math.ceil(n * equivalenceFactor(above, below, plan) ** 2)) };
      },
    },
  };
}

function countPairs(first: ArrayLike<number>, second: ArrayLike<number>): PairedCounts {
  const counts = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
  for (let index = 0; index < first.length; index++) {
    if (first[index] === 1) counts[second[index] === 1 ? "both" : "onlyFirst"]++;
    else counts[second[index] === 1 ? "onlySecond" : "neither"]++;
  }
  return counts;
}
