import type { ComparisonMetric } from "../comparisons/comparisonMetrics.js";
import type { DatasetSplitRecord } from "../datasets/datasetRecord.js";
import type { Fault } from "../fault.js";
import { quote } from "../quote.js";
import { mostScores } from "../statistics/rocAuc.js";

/** Why a metric cannot be computed on a split, whatever the models predict. */
export function metricFault(
  metric: ComparisonMetric,
  { name, rows, classCounts }: Pick<DatasetSplitRecord, "name" | "rows" | "classCounts">,
): Fault | undefined {
  if (metric !== "roc_auc") return undefined;
  const field = "study.metric";
  if (classCounts.filter((count) => count > 0).length < 2)
    return {
      field,
      reason: "CONFLICT",
      description: `"roc_auc" ranks examples of two classes or more, and the split ${quote(name)} has one class only`,
    };
  const scores = rows * (classCounts.length === 2 ? 1 : classCounts.length);
  if (scores <= mostScores) return undefined;
  const description = `"roc_auc" ranks at most ${mostScores} scores, and the split ${quote(name)} has ${rows} rows of ${classCounts.length} classes: ${scores}`;
  return { field, reason: "OUT_OF_RANGE", description };
}
