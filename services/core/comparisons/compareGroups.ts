import { cochranQTest } from "../statistics/cochranQ.js";
import { adjustPValues } from "../statistics/multipleTesting.js";
import { within } from "../statistics/within.js";
import { checkComparison } from "./checkComparison.js";
import type { Comparison, ComparisonGroup, ComparisonSettings, PairComparison } from "./comparison.js";
import { type ComparisonMetric, estimateMetric, metricFacts } from "./comparisonMetrics.js";
import type { Evidence } from "./evidence.js";
import { gatherEvidence } from "./gatherEvidence.js";
import { neededToSettle } from "./needed.js";
import { exampleCount, type MeanOutcomes } from "./outcomes.js";
import { reasonOf } from "./reason.js";
import { mostSigns } from "./resampledEvidence.js";
import { verdictOf } from "./verdict.js";

/** Probability with which what is needed shows what is there. */
const power = 0.8;

/**
 * Compares groups two by two on the same examples, and gives a verdict for each pair.
 *
 * One evaluation each: McNemar's exact test and Tango's interval where each example is right or wrong, the paired permutation test and the paired
 * bootstrap otherwise, or paired t tests where that would take minutes; the verdict is about these trained models. Several evaluations each, one a training seed: means of seeds crossed with examples; the
 * verdict is about the methods. Equivalence: two one-sided tests.
 *
 * All p-values of differences are corrected together, and so are, in a second family, those of equivalence: each family answers a question of its own
 * and errs, with Holm, with a probability of at most 1 - level. Of both together that bounds nothing but their sum: in one pair only one of the two can
 * be in error, since a difference of 0 is smaller than every margin, but of several pairs some may have no difference and others one of the margin.
 * @throws RangeError that names everything that does not fit together
 */
export function compareGroups(groups: readonly ComparisonGroup[], settings: ComparisonSettings): Comparison {
  const { metric, margin, reference, level = 0.95, correction = "holm" } = settings;
  checkComparison(groups, settings);
  const facts = metricFacts[metric];
  const span = facts.range.most - facts.range.least;
  const differences = { least: -span, most: span };
  const alpha = 1 - level;
  const size = sizeOf(groups);
  const compared = pairsOf(groups, settings);
  // The strictest level that the correction may ask of one pair.
  const plan = { alpha: alpha / compared.length, power };
  const levels = [level, 1 - plan.alpha, ...(level > 0.5 ? [2 * level - 1] : [])];
  // So many that the smallest p there can be is a twentieth of that level.
  const permutations = Math.max(9_999, Math.ceil(20 / plan.alpha));
  const isTooMuch = compared.length * permutations * size.examples > mostSigns;
  const resampling = { levels, permutations, isTooMuch, ...(settings.drawMeans && { drawMeans: settings.drawMeans }) };
  const evidence = compared.map(([first, second]) => {
    const of = gatherEvidence(first, second, settings, resampling);
    return { first, second, of: { ...of, interval: (at: number) => within(of.interval(at), differences) } };
  });
  const corrected = adjustPValues(
    evidence.map(({ of }) => of.pValue),
    correction,
  );
  const equivalence = margin === undefined ? [] : evidence.map(({ of }) => of.equivalenceP(margin));
  const correctedEquivalence = adjustPValues(equivalence, correction);
  const pairs = evidence.map(({ first, second, of }, index): PairComparison => {
    const correctedP = corrected[index] as number;
    const equivalenceP = equivalence[index];
    const correctedEquivalenceP = correctedEquivalence[index];
    const verdict = verdictOf({
      difference: of.estimate,
      higherIsBetter: facts.higherIsBetter,
      correctedP,
      ...(correctedEquivalenceP !== undefined && { correctedEquivalenceP }),
      alpha,
    });
    const minimum = of.power.minimumDetectableDifference(plan);
    const effectSize = of.effectSize?.(level);
    const pair = {
      first: first.name,
      second: second.name,
      difference: of.interval(level),
      ...(evidence.length > 1 && { simultaneousDifference: of.interval(1 - plan.alpha) }),
      test: of.test,
      pValue: of.pValue,
      ...(of.midP !== undefined && { midP: of.midP }),
      correctedP,
      ...(equivalenceP !== undefined && { equivalenceP }),
      ...(correctedEquivalenceP !== undefined && { correctedEquivalenceP }),
      ...(effectSize && { effectSize }),
      ...(minimum !== undefined && { minimumDetectableDifference: minimum }),
      ...(verdict === "INCONCLUSIVE" && { needed: neededToSettle(of, plan, size, facts, margin) }),
      verdict,
    };
    const reason = reasonOf({
      pair,
      metric: facts,
      ...(margin !== undefined && { margin }),
      level,
      pairs: evidence.length,
      ...equivalenceInterval(of, level),
      isOfModels: size.seeds === 1,
    });
    return { ...pair, reason };
  });
  const overall = overallOf(groups, metric);
  return {
    metric,
    higherIsBetter: facts.higherIsBetter,
    examples: size.examples,
    level,
    ...(margin !== undefined && { margin }),
    correction,
    ...(reference !== undefined && { reference }),
    groups: groups.map(({ name, evaluations }) => ({
      name,
      evaluations: evaluations.length,
      estimate: evaluations.reduce((sum, outcomes) => sum + estimateMetric(metric, outcomes), 0) / evaluations.length,
    })),
    ...(overall && { overall }),
    pairs,
  };
}

/** Of one sided tests at alpha; below a level of one half there is none. */
function equivalenceInterval(of: Evidence, level: number) {
  return level > 0.5 ? { equivalenceInterval: of.interval(2 * level - 1) } : {};
}

function sizeOf(groups: readonly ComparisonGroup[]): { examples: number; seeds: number } {
  const outcomes = groups[0]?.evaluations[0];
  return {
    examples: outcomes ? exampleCount(outcomes) : 0,
    seeds: Math.min(...groups.map(({ evaluations }) => evaluations.length)),
  };
}

/** The pairs that were named; or each group against the reference, or all pairs, in the order in which the groups came. */
function pairsOf(groups: readonly ComparisonGroup[], { reference, pairs }: ComparisonSettings): [ComparisonGroup, ComparisonGroup][] {
  const named = (name: string) => groups.find((group) => group.name === name) as ComparisonGroup;
  if (pairs) return pairs.map(([first, second]) => [named(first), named(second)]);
  const against = groups.find(({ name }) => name === reference);
  if (against) return groups.filter((group) => group !== against).map((group) => [group, against]);
  return groups.flatMap((first, index) => groups.slice(index + 1).map((second): [ComparisonGroup, ComparisonGroup] => [first, second]));
}

function overallOf(groups: readonly ComparisonGroup[], metric: ComparisonMetric): Comparison["overall"] {
  const models = groups.map(({ evaluations: [outcomes, ...more] }) => (more.length === 0 ? outcomes : undefined));
  if (metric !== "accuracy" || models.length < 3 || !models.every((outcomes): outcomes is MeanOutcomes => outcomes?.kind === "mean"))
    return undefined;
  return { test: "Cochran's Q", ...cochranQTest(models.map(({ values }) => values)) };
}
