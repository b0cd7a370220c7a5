/** How p-values of several tests are corrected. */
export const corrections = ["holm", "benjamini-hochberg"] as const;
export type Correction = (typeof corrections)[number];

/**
 * Adjusted p-values, in the order of those given: what is at most alpha is rejected.
 *
 * - `holm`: any error among all tests at most alpha, however they depend on each other. Holm, Scandinavian Journal of Statistics 6, 1979.
 * - `benjamini-hochberg`: at most a share of alpha of what is rejected is an error, for independent or positively dependent tests. Benjamini and
 *   Hochberg, Journal of the Royal Statistical Society B 57, 1995.
 * @param pValues each from 0 to 1
 * @throws RangeError for a value that is no probability
 */
export function adjustPValues(pValues: readonly number[], correction: Correction): number[] {
  for (const [index, p] of pValues.entries())
    if (!(p >= 0 && p <= 1)) throw new RangeError(`pValues[${index}] is ${p}; allowed: from 0 to 1`);
  const count = pValues.length;
  const order = pValues.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p);
  const adjusted = new Array<number>(count);
  if (correction === "holm") {
    let most = 0;
    for (const [rank, { p, index }] of order.entries()) adjusted[index] = most = Math.max(most, Math.min(1, (count - rank) * p));
    return adjusted;
  }
  let least = 1;
  for (const [rank, { p, index }] of [...order.entries()].toReversed()) adjusted[index] = least = Math.min(least, p * (count / (rank + 1)));
  return adjusted;
}
