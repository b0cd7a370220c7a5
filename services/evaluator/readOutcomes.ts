import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { ComparisonMetric } from "#core/comparisons/comparisonMetrics.js";
import type { Outcomes } from "#core/comparisons/outcomes.js";

/** A line of a stored predictions file: of a class, a number, or a completion. */
type PredictionLine =
  | { label: number; predicted: number; probabilities: number[] }
  | { target: number; predicted: number }
  | { loss: number; tokens: number; correct: number };

/** What an evaluation made of each example, as a metric needs it. @param file its stored predictions, one JSON line an example */
export async function readOutcomes(file: string, metric: ComparisonMetric): Promise<Outcomes> {
  const values: number[] = [];
  const counts: number[] = [];
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const line = JSON.parse(text) as PredictionLine;
    if ("tokens" in line) {
      if (line.tokens === 0) continue;
      values.push(metric === "accuracy" ? line.correct : line.loss);
      counts.push(line.tokens);
    } else if ("target" in line) values.push((line.predicted - line.target) ** 2);
    else if (metric === "accuracy") values.push(line.predicted === line.label ? 1 : 0);
    // A probability that is too small to be written has a finite loss all the same.
    else values.push(-Math.log(Math.max(line.probabilities[line.label] ?? 0, Number.MIN_VALUE)));
  }
  return counts.length > 0
    ? { kind: "ratio", sums: Float64Array.from(values), counts: Float64Array.from(counts) }
    : { kind: "mean", values: Float64Array.from(values) };
}
