import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import { checkCount } from "./checkArguments.js";
import { type PairedCounts, tangoScore } from "./pairedDifference.js";

/**
 * Two one-sided tests that two accuracies on the same examples differ by less than a margin: p is the larger one of the score tests against -margin and
 * margin. At a level alpha it agrees with Tango's interval of level 1 - 2 alpha lying within the margin. Source: Schuirmann, Journal of
 * Pharmacokinetics and Biopharmaceutics 15, 1987; Tango, Statistics in Medicine 17, 1998.
 * @param margin above 0 and below 1, declared before the data were seen
 * @returns 1 without examples
 * @throws RangeError when a value is outside what is allowed
 */
export function equivalenceTest(counts: PairedCounts, margin: number): { pValue: number } {
  for (const [name, count] of Object.entries(counts)) checkCount(name, count as number);
  if (!(margin > 0 && margin < 1)) throw new RangeError(`margin is ${margin}; allowed: above 0 and below 1`);
  if (counts.both + counts.onlyFirst + counts.onlySecond + counts.neither === 0) return { pValue: 1 };
  // How far the difference is above -margin, and below margin.
  const [above, below] = [tangoScore(counts, -margin), -tangoScore(counts, margin)];
  return { pValue: normalCdf(-Math.min(above, below), 0, 1) };
}
