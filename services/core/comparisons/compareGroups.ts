import { cochranQTest } from "../statistics/cochranQ.js";
import { within } from "../statistics/within.js";
import { clusterCount } from "./clusters.js";
import { checkComparison } from "./checkComparison.js";
import type { Comparison, ComparisonGroup, ComparisonSettings, PairComparison } from "./comparison.js";
import { detectableDifference } from "./chances.js";
import { type ComparisonMetric, estimateMetric, metricFacts } from "./comparisonMetrics.js";
import type { Amount, Outlook } from "./evidence.js";
import { judgePairs } from "./judgePairs.js";
import { neededToSettle } from "./needed.js";
import { exampleCount, type MeanOutcomes } from "./outcomes.js";
import { reasonOf } from "./reason.js";

/** Probability with which what is needed shows what is there. */
const power = 0.8;

/**
 * Compares groups two by two on the same examples, and gives a verdict for each pair.
 *
 * One evaluation each: McNemar's exact test and Tango's interval where each example is right or wrong, otherwise a t test whose variance is at least what it
 * would be if the hypothesis were true; the verdict is about these trained models. Several evaluations each, one a training seed: means of seeds crossed
 * with examples; the verdict is about how they were trained. Equivalence: two one-sided tests.
 * @throws RangeError that names everything that does not fit together
 */
export function compareGroups(given: readonly ComparisonGroup[], settings: ComparisonSettings): Comparison {
  const { metric, margin, reference, level = 0.95, correction = "holm" } = settings;
  checkComparison(given, settings);
  const groups = given.map(inSeedOrder);
  const facts = metricFacts[metric];
  const span = facts.range.most - facts.range.least;
  const alpha = 1 - level;
  const size = sizeOf(groups, settings);
  // The strictest level that the correction may ask of one pair.
  const strictest = (count: number) => alpha / count;
  const judged = judgePairs(groups, settings, (count) => [level, 1 - strictest(count), 2 * level - 1]);
  const plan = { alpha: strictest(judged.length), power, ...(margin !== undefined && { margin }) };
  const pairs = judged.map(({ first, second, of, correctedP, correctedEquivalenceP, verdict, collapsed }): PairComparison => {
    const { equivalenceP } = of;
    const intervalAt = (at: number) => within(of.interval(at), { least: -span, most: span });
    const minimum = of.outlook && detectable(of.outlook, size, plan.alpha, of.mostDifference);
    const { effectSize } = of;
    const pair = {
      first: first.name,
      second: second.name,
      difference: intervalAt(level),
      ...(judged.length > 1 && { simultaneousDifference: intervalAt(1 - plan.alpha) }),
      ...(of.standardError !== undefined && { standardError: of.standardError }),
      ...(of.components && { components: of.components }),
      test: of.test,
      pValue: of.pValue,
      ...(of.midP !== undefined && { midP: of.midP }),
      correctedP,
      ...(equivalenceP !== undefined && { equivalenceP }),
      ...(correctedEquivalenceP !== undefined && { correctedEquivalenceP }),
      ...(effectSize && { effectSize }),
      ...(minimum !== undefined && { minimumDetectableDifference: minimum }),
      ...(verdict === "INCONCLUSIVE" && { needed: neededToSettle(of, plan, size, facts, settings.clusters !== undefined) }),
      verdict,
    };
    const reason = reasonOf({
      pair,
      metric: facts,
      ...(margin !== undefined && { margin }),
      level,
      pairs: judged.length,
      equivalenceInterval: intervalAt(2 * level - 1),
      seeds: size.seeds,
      ...(settings.clusters && { clusters: size.examples }),
      ...(collapsed !== undefined && { collapsed }),
    });
    return { ...pair, reason };
  });
  const overall = settings.clusters ? undefined : overallOf(groups, metric);
  return {
    metric,
    higherIsBetter: facts.higherIsBetter,
    examples: countExamples(groups),
    ...(settings.clusters && { clusters: size.examples }),
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

function detectable(outlook: Outlook, size: Amount, alpha: number, most: number): number | undefined {
  return detectableDifference((difference) => outlook(size, alpha, difference), power, most);
}

function inSeedOrder(group: ComparisonGroup): ComparisonGroup {
  const { evaluations, seeds } = group;
  if (!seeds) return group;
  const order = seeds.map((_, place) => place).toSorted((a, b) => (seeds[a] as number) - (seeds[b] as number));
  return { ...group, evaluations: order.flatMap((place) => evaluations[place] ?? []) };
}

/** What is independent: examples, or groups of them. */
function sizeOf(groups: readonly ComparisonGroup[], { clusters }: ComparisonSettings): Amount {
  return {
    examples: clusters ? clusterCount(clusters) : countExamples(groups),
    seeds: Math.min(...groups.map(({ evaluations }) => evaluations.length)),
  };
}

function countExamples(groups: readonly ComparisonGroup[]): number {
  const outcomes = groups[0]?.evaluations[0];
  return outcomes ? exampleCount(outcomes) : 0;
}

function overallOf(groups: readonly ComparisonGroup[], metric: ComparisonMetric): Comparison["overall"] {
  const models = groups.map(({ evaluations: [outcomes, ...more] }) => (more.length === 0 ? outcomes : undefined));
  if (metric !== "accuracy" || models.length < 3 || !models.every((outcomes): outcomes is MeanOutcomes => outcomes?.kind === "mean"))
    return undefined;
  return { test: "Cochran's Q", ...cochranQTest(models.map(({ values }) => values)) };
}
