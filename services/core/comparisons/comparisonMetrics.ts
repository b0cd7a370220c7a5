import { type TrainingTask, trainingTasks } from "../jobs/trainingJob.js";
import { confusionMargins, type confusionMetrics, confusionValue } from "../statistics/confusionMetrics.js";
import type { Range } from "../statistics/within.js";
import type { Outcomes } from "./outcomes.js";

/** What groups can be compared by. */
export const comparisonMetrics = ["accuracy", "loss", "macro_f1", "balanced_accuracy", "matthews_correlation", "roc_auc", "brier"] as const;
export type ComparisonMetric = (typeof comparisonMetrics)[number];

/** What a comparison has to know about a metric. */
export interface MetricFacts {
  higherIsBetter: boolean;
  /** Of which models it can be computed. */
  tasks: readonly TrainingTask[];
  /** As it stands in a sentence. */
  noun: string;
  plural: string;
  /** Whether it lies between 0 and 1, so that a margin does too. */
  isShare: boolean;
  /** What its values lie between. */
  range: Range;
  /** Of outcomes of kind "classes": which metric of the confusion matrix it is. */
  ofClasses?: keyof typeof confusionMetrics;
}

const share = { isShare: true, range: { least: 0, most: 1 } } as const;
const loss = { isShare: false, range: { least: 0, most: Infinity } } as const;
const ofClassification = { higherIsBetter: true, tasks: ["classification"] } as const;

export const metricFacts: Readonly<Record<ComparisonMetric, MetricFacts>> = {
  accuracy: { higherIsBetter: true, tasks: ["classification", "causal_lm"], noun: "accuracy", plural: "accuracies", ...share },
  loss: { higherIsBetter: false, tasks: trainingTasks, noun: "loss", plural: "losses", ...loss },
  macro_f1: { ...ofClassification, noun: "macro F1", plural: "macro F1s", ...share, ofClasses: "macro_f1" },
  balanced_accuracy: {
    ...{ ...ofClassification, noun: "balanced accuracy", plural: "balanced accuracies", ...share },
    ofClasses: "balanced_accuracy",
  },
  matthews_correlation: {
    ...{
      ...ofClassification,
      noun: "Matthews correlation",
      plural: "Matthews correlations",
      isShare: false,
      range: { least: -1, most: 1 },
    },
    ofClasses: "matthews_correlation",
  },
  roc_auc: { ...ofClassification, noun: "ROC AUC", plural: "ROC AUCs", ...share },
  brier: {
    ...ofClassification,
    higherIsBetter: false,
    noun: "Brier score",
    plural: "Brier scores",
    isShare: false,
    range: { least: 0, most: 2 },
  },
};

/**
 * The metric's value.
 * @throws TypeError for outcomes of classes and a metric that is none of a confusion matrix
 */
export function estimateMetric(metric: ComparisonMetric, outcomes: Outcomes): number {
  if (outcomes.kind === "mean") return sum(outcomes.values) / outcomes.values.length;
  if (outcomes.kind === "ratio") return sum(outcomes.sums) / sum(outcomes.counts);
  const { ofClasses } = metricFacts[metric];
  if (!ofClasses) throw new TypeError(`${metric} is not computed from a confusion matrix`);
  return confusionValue(ofClasses, confusionMargins(outcomes.labels, outcomes.predicted, outcomes.classes));
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < values.length; index++) total += values[index] as number;
  return total;
}
