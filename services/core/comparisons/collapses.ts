import { binomialInterval } from "../statistics/binomialInterval.js";
import { findRoot } from "../statistics/findRoot.js";
import { meanTest } from "../statistics/meanTest.js";
import type { ComparisonGroup, ComparisonSettings } from "./comparison.js";
import { type ComparisonMetric, estimateMetric, metricFacts } from "./comparisonMetrics.js";
import type { Evidence } from "./evidence.js";
import { differencesOf } from "./gatherEvidence.js";
import { linearise } from "./linearise.js";

/** Trainings that went wrong altogether, of those that are compared. */
export interface Collapses {
  /** For each group the places of its evaluations that collapsed. */
  of: ReadonlyMap<ComparisonGroup, ReadonlySet<number>>;
  /** The worst score among them, higher being better. */
  worst: number;
  /** Of each group the middle score, higher being better. */
  middle: ReadonlyMap<ComparisonGroup, number>;
}

/** How far below the group's middle, in deviations of seeds as all groups show them, and in standard errors of one evaluation. */
const least = { deviations: 8, errors: 4 };

/**
 * Finds trainings that collapsed: whose score lies so far below the middle of their group that no spread of seeds explains it. A mean over few seeds of
 * which one in ten collapses is no normal one: seen from the seeds that did not, it is too good, and too sure.
 * @param groups of several seeds each
 * @returns undefined where none did
 */
export function collapsesOf(groups: readonly ComparisonGroup[], metric: ComparisonMetric): Collapses | undefined {
  const sign = metricFacts[metric].higherIsBetter ? 1 : -1;
  const scored = groups.map((group) => {
    const scores = group.evaluations.map((outcomes) => sign * estimateMetric(metric, outcomes));
    return { group, scores, middle: median(scores) };
  });
  const deviations = scored.flatMap(({ scores, middle }) => scores.map((score) => Math.abs(score - middle))).filter((size) => size > 0);
  // Of a normal distribution the median deviation is 0.6745 standard deviations.
  const spread = deviations.length > 0 ? median(deviations) / 0.6745 : 0;
  const of = new Map(
    scored.map(({ group, scores, middle }) => {
      const isCollapsed = (score: number, place: number) =>
        middle - score > least.deviations * spread && middle - score > least.errors * standardErrorOf(group, place, metric);
      return [group, new Set(scores.flatMap((score, place) => (isCollapsed(score, place) ? [place] : [])))] as const;
    }),
  );
  const worst = Math.min(...scored.flatMap(({ group, scores }) => scores.filter((_, place) => of.get(group)?.has(place))));
  if (worst === Infinity) return undefined;
  return { of, worst, middle: new Map(scored.map(({ group, middle }) => [group, middle])) };
}

/**
 * What is left of the evidence once either group may collapse as often as its seeds leave room for. The difference of the trainings that did not collapse, how
 * often the one collapses at most and the other at least, each at a third of the error: a claim stands where it does with all three bounds.
 */
export function withCollapses(
  of: Evidence,
  pair: readonly [ComparisonGroup, ComparisonGroup],
  { of: collapsed, worst, middle }: Collapses,
  settings: ComparisonSettings,
): Evidence {
  const sign = metricFacts[settings.metric].higherIsBetter ? 1 : -1;
  const seeds = pair[0].evaluations.length;
  const sides = pair.map((group) => ({ count: collapsed.get(group)?.size ?? 0, loss: Math.max(0, (middle.get(group) ?? worst) - worst) }));
  const kept = Array.from({ length: seeds }, (_, place) => place).filter((place) =>
    pair.every((group) => !collapsed.get(group)?.has(place)),
  );
  const without = (group: ComparisonGroup) => ({ ...group, evaluations: kept.flatMap((place) => group.evaluations[place] ?? []) });
  const { rows, range } = differencesOf([without(pair[0]), without(pair[1])], settings);
  const test = rows.length > 1 ? meanTest(rows, range) : undefined;
  const [first, second] = sides as [Side, Side];

  /** By how much the first is at least better than the second, or the other way round, with an error of `error`. */
  const bound = (error: number, isTurned: boolean): number => {
    if (!test) return -Infinity;
    const { lower, upper } = test.bounds(1 - (2 * error) / 3);
    // First less second is what the first is better by where higher is better, and turned round where lower is.
    const ofKept = isTurned === sign > 0 ? -upper : lower;
    const [one, other] = isTurned ? [second, first] : [first, second];
    return ofKept - shareOf(one, seeds, error / 3).most * one.loss + shareOf(other, seeds, error / 3).least * other.loss;
  };
  /** The least error with which a bound lies above a value. */
  const errorOf = (above: number, isTurned: boolean): number => {
    const excess = (logError: number) => bound(Math.exp(logError), isTurned) - above;
    const [most, fewest] = [Math.log(0.5), Math.log(1e-12)];
    if (!(excess(most) > 0)) return 0.5;
    return excess(fewest) > 0 ? 1e-12 : Math.exp(findRoot(fewest, most, excess, 1e-6));
  };
  const different = Math.min(1, 2 * Math.min(errorOf(0, false), errorOf(0, true)));
  const { margin } = settings;
  const equal = margin === undefined ? 1 : Math.max(errorOf(-margin, false), errorOf(-margin, true));
  return {
    ...of,
    pValue: Math.max(of.pValue, different),
    ...(of.equivalenceP !== undefined && { equivalenceP: Math.max(of.equivalenceP, equal) }),
  };
}

/** The largest share of trainings that collapse of which so many, one after the other, may show none. */
export function unseenShare(seeds: number, level: number): number {
  return 1 - (1 - level) ** (1 / seeds);
}

interface Side {
  count: number;
  /** What a collapse costs. */
  loss: number;
}

/** How often trainings collapse at least and at most, each with an error of its own. */
function shareOf({ count }: Side, seeds: number, error: number): { least: number; most: number } {
  const { lower = 0, upper = 1 } = binomialInterval(count, seeds, 1 - 2 * error, "clopper-pearson");
  return { least: lower, most: upper };
}

function standardErrorOf({ evaluations }: ComparisonGroup, place: number, metric: ComparisonMetric): number {
  const outcomes = evaluations[place];
  if (!outcomes) return 0;
  const { values, range } = linearise(metric, outcomes);
  return meanTest([values], range)?.standardError ?? 0;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? Number.NaN) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2;
}
