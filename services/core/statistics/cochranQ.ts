import regularizedGamma from "@stdlib/math-base-special-gammainc";

/**
 * Cochran's Q: whether several classifiers are equally often right on the same examples; with two it is McNemar's test without continuity
 * correction. Source: Cochran, Biometrika 37, 1950.
 * @param outcomes one row a classifier, one column an example: 1 where it was right, 0 where it was wrong
 * @returns Q, its degrees of freedom and the asymptotic p-value; p is 1 where no example tells two of them apart
 * @throws RangeError for fewer than two classifiers, or rows of different lengths
 */
export function cochranQTest(outcomes: readonly ArrayLike<number>[]): { q: number; degreesOfFreedom: number; pValue: number } {
  const classifiers = outcomes.length;
  if (classifiers < 2) throw new RangeError(`there are ${classifiers} classifiers; at least two are needed`);
  const examples = outcomes[0]?.length ?? 0;
  for (const [index, row] of outcomes.entries())
    if (row.length !== examples) throw new RangeError(`outcomes[${index}] has ${row.length} examples, the first row ${examples}`);
  const right = new Float64Array(classifiers);
  let total = 0;
  let squares = 0;
  for (let example = 0; example < examples; example++) {
    let inColumn = 0;
    for (let classifier = 0; classifier < classifiers; classifier++)
      if (outcomes[classifier]?.[example] === 1) {
        right[classifier] = (right[classifier] ?? 0) + 1;
        inColumn++;
      }
    total += inColumn;
    squares += inColumn ** 2;
  }
  const degreesOfFreedom = classifiers - 1;
  const spread = classifiers * total - squares;
  if (spread === 0) return { q: 0, degreesOfFreedom, pValue: 1 };
  const q = (degreesOfFreedom * (classifiers * right.reduce((sum, count) => sum + count ** 2, 0) - total ** 2)) / spread;
  // The upper tail of the chi-squared distribution, without the digits that 1 less the lower one would lose.
  return { q, degreesOfFreedom, pValue: regularizedGamma(q / 2, degreesOfFreedom / 2, true, true) };
}
