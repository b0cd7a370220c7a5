import type { Fault } from "../fault.js";
import { nearest } from "../nearest.js";
import { quote } from "../quote.js";
import { corrections } from "../statistics/multipleTesting.js";
import type { TrainingTask } from "../jobs/trainingJob.js";
import { comparisonMetrics, metricFacts } from "./comparisonMetrics.js";

/** How groups are to be compared, before anything is known to be allowed. */
export interface AskedSettings {
  metric: string;
  margin?: number;
  level?: number;
  correction?: string;
  reference?: string;
  interval?: string;
}

const intervals = ["tango", "newcombe"];

/**
 * Everything that is wrong with settings.
 * @param names of the groups
 * @param task of what is compared; undefined: not known
 */
export function comparisonFaults(settings: AskedSettings, names: readonly string[], task?: TrainingTask): Fault[] {
  const { metric, margin, level = 0.95, correction = "holm", reference, interval = "tango" } = settings;
  const faults: Fault[] = [];
  const choice = (field: string, value: string, allowed: readonly string[]) => {
    if (allowed.includes(value)) return true;
    const near = nearest(value, allowed);
    const hint = near === undefined ? "" : ` (did you mean "${near}"?)`;
    faults.push({ field, reason: "UNKNOWN_VALUE", description: `${quote(value)} is not known${hint}; allowed: ${allowed.join(", ")}` });
    return false;
  };
  const metrics = comparisonMetrics.filter((name) => task === undefined || metricFacts[name].tasks.includes(task));
  const isMetric = choice("metric", metric, metrics);
  choice("correction", correction, corrections);
  choice("interval", interval, intervals);
  if (reference !== undefined) choice("reference", reference, names);
  // At one half the two one-sided tests would hold anything for equal.
  if (!(level > 0.5 && level < 1)) faults.push(outOfRange("level", level, "above 0.5 and below 1"));
  const range = isMetric ? metricFacts[metric as keyof typeof metricFacts].range : { least: 0, most: Infinity };
  const most = range.most - range.least;
  if (margin !== undefined && !(margin > 0 && margin < most)) {
    const allowed = most === Infinity ? "a finite number above 0" : `above 0 and below ${most}, by which no two can differ more`;
    faults.push(outOfRange("margin", margin, most === 1 ? "above 0 and below 1" : allowed));
  }
  return faults;
}

function outOfRange(field: string, value: number, allowed: string): Fault {
  return { field, reason: "OUT_OF_RANGE", description: `${value} is out of range; allowed: ${allowed}` };
}
