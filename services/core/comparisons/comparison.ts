import type { Clusters } from "./clusters.js";
import type { CrossedComponents } from "../statistics/crossedMean.js";
import type { Interval } from "../statistics/interval.js";
import type { Correction } from "../statistics/multipleTesting.js";
import type { PairedMethod } from "../statistics/pairedDifference.js";
import type { ComparisonMetric } from "./comparisonMetrics.js";
import type { Outcomes } from "./outcomes.js";

/** Of the first group against the second. */
export const verdicts = ["BETTER", "WORSE", "EQUIVALENT", "INCONCLUSIVE"] as const;
export type Verdict = (typeof verdicts)[number];

/** One of the things that are compared: a trained model, or a configuration with a model for each of several training seeds. */
export interface ComparisonGroup {
  name: string;
  /**
   * One for each training seed, all of the same examples in the same order. As many as every other group has; those at the same place in two groups are
   * paired, so that what a seed does to both does not count as a difference.
   */
  evaluations: readonly Outcomes[];
  /** The training seed of each evaluation. Given for all groups, by which they are paired in whatever order they come; left out for all: by their places. */
  seeds?: readonly number[];
}

/** How groups are compared; what is left out takes the default. */
export interface ComparisonSettings {
  metric: ComparisonMetric;
  /** The smallest difference that matters, in the metric's unit, above 0, declared before the data were seen. Left out: nothing is EQUIVALENT. */
  margin?: number;
  /** Confidence level of intervals; verdicts are given at 1 less it. Default 0.95. */
  level?: number;
  /** Of the p-values of all pairs. Default "holm". */
  correction?: Correction;
  /** The name of the group that each other one is compared with; left out: all pairs. */
  reference?: string;
  /** The names of two groups for each pair, the first compared with the second; left out: as `reference` says. */
  pairs?: readonly (readonly [first: string, second: string])[];
  /** The interval of a difference of accuracies, one evaluation each. Default "tango". */
  interval?: PairedMethod;
  /** Which group each example is of, where examples of one are alike; left out: all are independent. */
  clusters?: Clusters;
}

/** Groups, two by two, with a verdict for each pair. */
export interface Comparison {
  metric: ComparisonMetric;
  higherIsBetter: boolean;
  examples: number;
  /** Groups of examples that are alike; left out where all are independent. */
  clusters?: number;
  level: number;
  margin?: number;
  correction: Correction;
  reference?: string;
  groups: { name: string; evaluations: number; estimate: number }[];
  /** Whether any of three or more groups of one evaluation each differ, where the metric is accuracy. */
  overall?: { test: "Cochran's Q"; q: number; degreesOfFreedom: number; pValue: number };
  pairs: PairComparison[];
}

/** Two groups. */
export interface PairComparison {
  first: string;
  second: string;
  /** First less second, in the metric's unit. The level is that of this interval alone: of many, some leave out the truth. */
  difference: Interval;
  /** The same at a level at which all pairs' intervals hold the truth together (Bonferroni). Left out where there is one pair. */
  simultaneousDifference?: Interval;
  /** Of the difference; left out where no variance was seen. */
  standardError?: number;
  /** Of the differences, where there are several seeds. */
  components?: CrossedComponents;
  /** The test's name. */
  test: string;
  /** Two-sided, of no difference. */
  pValue: number;
  /** Of McNemar's test: less cautious than the exact p, which decides. */
  midP?: number;
  /** The p-value corrected for the number of pairs: this one decides. */
  correctedP: number;
  /** Of a difference of the margin or more, by two one-sided tests. Left out without a margin. */
  equivalenceP?: number;
  /** Corrected as `correctedP` is, in a family of its own. */
  correctedEquivalenceP?: number;
  /** Cohen's h, where the metric is a share. */
  effectSize?: Interval;
  /** The smallest difference that these examples and seeds show with the probability `power`; left out where none is. */
  minimumDetectableDifference?: number;
  /** What would settle an INCONCLUSIVE pair. */
  needed?: Needed;
  verdict: Verdict;
  /** A sentence in plain words. */
  reason: string;
}

/** How much data gives a verdict with the probability `power` if the truth is what was observed. */
export interface Needed {
  /** In the place of those there are. */
  examples?: number;
  /** Training seeds of each group, in the place of those there are. */
  seeds?: number;
  power: number;
  /** A sentence in plain words. */
  what: string;
}
