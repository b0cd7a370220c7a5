import { testedMean } from "../statistics/meanTest.js";
import { signFlipLattice } from "../statistics/signFlipLattice.js";
import type { Range } from "../statistics/within.js";
import type { Evidence, EvidencePlan } from "./evidence.js";
import { meanOutlook } from "./meanOutlook.js";

/** Of more differing examples the test of the mean is as exact, and adding up all signs takes long. */
const mostFlipped = 200;

/**
 * A difference of means on the same examples: of two models, or of two methods with a model for every seed.
 * @param rows one a seed with one value an example, first less second
 * @param range of one difference, finite
 * @param isCounted whether values are right (1) or wrong (0) of first less second: few that differ are judged by an exact test too
 */
export function meanEvidence(
  rows: readonly ArrayLike<number>[],
  range: Range,
  { levels, margin }: EvidencePlan,
  isCounted = false,
): Evidence {
  const isOfSeeds = rows.length > 1;
  const name = isOfSeeds ? "test of a two-way random effects model" : "t test with restricted likelihood";
  const { test, interval: intervalAt } = testedMean(rows, range);
  const intervals = new Map(levels.map((level) => [level, intervalAt(level)]));
  const interval = (level: number) => {
    const found = intervals.get(level);
    if (!found) throw new RangeError(`level is ${level}; allowed: ${levels.join(", ")}`);
    return found;
  };
  // One example alone shows nothing.
  if (!test) {
    const { estimate } = intervalAt(0.5);
    return { estimate, interval, test: name, pValue: 1, ...(margin !== undefined && { equivalenceP: 1 }), mostDifference: 0 };
  }
  const { estimate, standardError } = test;
  const ofScore = 2 * test.tail(0);
  const exact = isOfSeeds && isCounted ? exactP(rows) : 0;
  // Of a hypothesis that the difference is `mean` or lies beyond it, away from no difference.
  const beyond = (mean: number) => (mean > 0 === estimate > mean ? 1 - test.tail(mean) : test.tail(mean));
  return {
    estimate,
    ...(standardError > 0 && { standardError }),
    ...(test.components && { components: test.components }),
    interval,
    ...(exact > ofScore ? { test: "exact sign-flip test of examples", pValue: exact } : { test: name, pValue: ofScore }),
    ...(margin !== undefined && { equivalenceP: Math.max(beyond(-margin), beyond(margin)) }),
    outlook: meanOutlook(test, margin),
    mostDifference: Math.min(-range.least, range.most),
  };
}

/** The exact p-value of sums over seeds; 0 where many examples differ. */
function exactP(rows: readonly ArrayLike<number>[]): number {
  const sums = Array.from({ length: rows[0]?.length ?? 0 }, (_, index) => rows.reduce((sum, row) => sum + (row[index] as number), 0));
  const differing = sums.filter((sum) => sum !== 0);
  return differing.length > mostFlipped ? 0 : signFlipLattice(differing);
}
