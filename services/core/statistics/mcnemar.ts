import binomialCdf from "@stdlib/stats-base-dists-binomial-cdf";
import binomialLogProbability from "@stdlib/stats-base-dists-binomial-logpmf";
import { checkCount } from "./checkArguments.js";

/**
 * McNemar's exact conditional test that two classifiers are equally often right, on the same examples: given on how many they disagree, each is
 * the right one in half of them. Two-sided.
 *
 * `pValue` is exact: it rejects at most as often as its level says. `midP` takes half of the observed outcome's probability, which
 * makes it close to the level and seldom above it: Fagerland, Lydersen and Laake, BMC Medical Research Methodology 13:91, 2013. Source: McNemar,
 * Psychometrika 12, 1947.
 * @param onlyFirst examples that only the first has right
 * @param onlySecond examples that only the second has right
 * @returns both 1 where they never disagree
 * @throws RangeError when a count is none
 */
export function mcnemarTest(onlyFirst: number, onlySecond: number): { pValue: number; midP: number } {
  checkCount("onlyFirst", onlyFirst);
  checkCount("onlySecond", onlySecond);
  const disagreements = onlyFirst + onlySecond;
  const fewer = Math.min(onlyFirst, onlySecond);
  if (disagreements === 0) return { pValue: 1, midP: 1 };
  const tail = binomialCdf(fewer, disagreements, 0.5);
  const observed = Math.exp(binomialLogProbability(fewer, disagreements, 0.5));
  // With as many on either side the two tails share the observed outcome, of which one half is left out.
  if (onlyFirst === onlySecond) return { pValue: 1, midP: 1 - observed / 2 };
  return { pValue: Math.min(1, 2 * tail), midP: Math.max(0, 2 * tail - observed) };
}
