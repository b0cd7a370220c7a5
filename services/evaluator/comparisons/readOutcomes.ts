import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { type CollectedOutcomes, outcomeCollector, type StoredPredictions } from "#core/comparisons/collectOutcomes.js";
import type { ComparisonMetric } from "#core/comparisons/comparisonMetrics.js";

/** Where an evaluation's predictions are, and of what. */
export interface PredictionsFile extends StoredPredictions {
  path: string;
}

/**
 * Reads what a metric needs of stored predictions, holding one row at a time.
 * @throws RangeError for a file that does not hold what it should
 */
export async function readOutcomes({ path, ...stored }: PredictionsFile, metric: ComparisonMetric): Promise<CollectedOutcomes> {
  const collector = outcomeCollector(stored, metric);
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  try {
    for await (const line of lines) collector.add(parse(line));
  } finally {
    lines.close();
  }
  return collector.finish();
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new RangeError("a row is not JSON");
  }
}
