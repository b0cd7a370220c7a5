import type { Range } from "../statistics/within.js";

/** What one evaluation made of each example, as a metric needs it. */
export type Outcomes = MeanOutcomes | ClassOutcomes | RatioOutcomes;

/** The metric is their mean: 1 for right and 0 for wrong, or a loss. */
export interface MeanOutcomes {
  kind: "mean";
  values: ArrayLike<number>;
  /**
   * What a value can be, seen or not: a test of a mean has to know how bad the worst is that it has not seen. Left out: 0 to 1 of an accuracy, 0 to 2 of a
   * Brier score; of a loss what it would have been, had the model been wrong where it was surest, as of a log loss in nats; of a ROC AUC -1 to 2.
   */
  range?: Range;
}

/** The metric is one of the confusion matrix. */
export interface ClassOutcomes {
  kind: "classes";
  /** True class ids. */
  labels: ArrayLike<number>;
  predicted: ArrayLike<number>;
  classes: number;
}

/** The metric is the sum of sums over the sum of counts: of completions, whose tokens are not independent of each other. */
export interface RatioOutcomes {
  kind: "ratio";
  sums: ArrayLike<number>;
  counts: ArrayLike<number>;
}

/** How many examples the outcomes are of. */
export function exampleCount(outcomes: Outcomes): number {
  return outcomes.kind === "mean" ? outcomes.values.length : outcomes.kind === "classes" ? outcomes.labels.length : outcomes.sums.length;
}
