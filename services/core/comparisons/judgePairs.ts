import { adjustPValues } from "../statistics/multipleTesting.js";
import { collapsesOf, withCollapses } from "./collapses.js";
import type { ComparisonGroup, ComparisonSettings, Verdict } from "./comparison.js";
import { metricFacts } from "./comparisonMetrics.js";
import type { Evidence } from "./evidence.js";
import { gatherEvidence } from "./gatherEvidence.js";
import { verdictOf } from "./verdict.js";

/** Two groups, what the data say about them, and what that comes to among all pairs. */
export interface JudgedPair {
  first: ComparisonGroup;
  second: ComparisonGroup;
  of: Evidence;
  correctedP: number;
  correctedEquivalenceP?: number;
  verdict: Verdict;
  /** How many of all trainings that are compared collapsed; left out of models. */
  collapsed?: number;
}

/**
 * The verdict of each pair.
 *
 * All p-values of differences are corrected together, and so are, in a second family, those of equivalence: each family answers a question of its own
 * and errs, with Holm, with a probability of at most 1 - level. Of both together that bounds nothing but their sum: in one pair only one of the two can
 * be in error, since a difference of 0 is smaller than every margin, but of several pairs some may have no difference and others one of the margin.
 * @param levels at which intervals will be asked for, from how many pairs there are
 */
export function judgePairs(
  groups: readonly ComparisonGroup[],
  settings: ComparisonSettings,
  levels: (pairs: number) => readonly number[] = () => [],
): JudgedPair[] {
  const { metric, margin, level = 0.95, correction = "holm" } = settings;
  const isOfSeeds = groups.every(({ evaluations }) => evaluations.length > 1);
  const compared = pairsOf(groups, settings);
  const plan = { level, levels: levels(compared.length), ...(margin !== undefined && { margin }) };
  const collapses = isOfSeeds ? collapsesOf(groups, metric) : undefined;
  const collapsed = [...(collapses?.of.values() ?? [])].reduce((sum, { size }) => sum + size, 0);
  const evidence = compared.map(([first, second]) => {
    const of = gatherEvidence(first, second, settings, plan);
    return { first, second, of: collapses ? withCollapses(of, [first, second], collapses, settings) : of };
  });
  const correctedP = adjustPValues(
    evidence.map(({ of }) => of.pValue),
    correction,
  );
  const correctedEquivalenceP = adjustPValues(
    evidence.flatMap(({ of }) => of.equivalenceP ?? []),
    correction,
  );
  return evidence.map((pair, index): JudgedPair => {
    const corrected = {
      correctedP: correctedP[index] as number,
      ...(margin !== undefined && { correctedEquivalenceP: correctedEquivalenceP[index] as number }),
    };
    const { higherIsBetter } = metricFacts[metric];
    const verdict = verdictOf({ difference: pair.of.estimate, higherIsBetter, ...corrected, alpha: 1 - level });
    return { ...pair, ...corrected, verdict, ...(isOfSeeds && { collapsed }) };
  });
}

/** The pairs that were named; or each group against the reference, or all pairs, in the order in which the groups came. */
function pairsOf(groups: readonly ComparisonGroup[], { reference, pairs }: ComparisonSettings): [ComparisonGroup, ComparisonGroup][] {
  const named = (name: string) => groups.find((group) => group.name === name) as ComparisonGroup;
  if (pairs) return pairs.map(([first, second]) => [named(first), named(second)]);
  const against = groups.find(({ name }) => name === reference);
  if (against) return groups.filter((group) => group !== against).map((group) => [group, against]);
  return groups.flatMap((first, index) => groups.slice(index + 1).map((second): [ComparisonGroup, ComparisonGroup] => [first, second]));
}
