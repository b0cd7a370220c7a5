import { confusionMargins, confusionValue, type Margins } from "../statistics/confusionMetrics.js";
import type { Range } from "../statistics/within.js";
import { type ComparisonMetric, estimateMetric, metricFacts } from "./comparisonMetrics.js";
import type { ClassOutcomes, MeanOutcomes, Outcomes, RatioOutcomes } from "./outcomes.js";

/** One value an example whose mean is the metric. */
export interface Linearised {
  values: ArrayLike<number>;
  /** What a value can be, seen or not. */
  range: Range;
}

/**
 * One value an example whose mean is the metric and whose variance is that of the metric's linearisation: the metric plus the examples' count times
 * its derivative by the weight of the example (the infinitesimal jackknife). Of a mean they are the outcomes themselves. Source: Efron, Biometrika 68,
 * 1981, section 5; of a ratio it is the usual linearisation, Cochran, Sampling Techniques, third edition, 1977, section 6.4.
 */
export function linearise(metric: ComparisonMetric, outcomes: Outcomes): Linearised {
  if (outcomes.kind === "mean") return { values: outcomes.values, range: outcomes.range ?? rangeOfMeans(metric, outcomes) };
  const estimate = estimateMetric(metric, outcomes);
  return outcomes.kind === "ratio" ? lineariseRatio(metric, outcomes, estimate) : lineariseClasses(metric, outcomes, estimate);
}

/** Of outcomes that do not say themselves what they can be. */
function rangeOfMeans(metric: ComparisonMetric, { values }: MeanOutcomes): Range {
  const { least, most } = metricFacts[metric].range;
  const seen = rangeOf(values);
  // An example that one model ranks first, another one last: at the least from one end of the scale to the other.
  if (metric === "roc_auc") return { least: Math.min(seen.least, -1), most: Math.max(seen.most, 2) };
  return Number.isFinite(most) ? { least, most } : { least, most: Math.max(seen.most, worstLogLoss(seen.least)) };
}

/**
 * The loss that a model would have had on the example of which it was surest, had it been wrong: what it takes for unlikely, and has not shown, costs as much.
 * @param least the smallest loss, in nats
 * @returns nats; at most that of the smallest probability that single precision tells from 0 beside 1
 */
function worstLogLoss(least: number): number {
  return -Math.log(Math.max(-Math.expm1(-Math.max(0, least)), 2 ** -24));
}

function rangeOf(values: ArrayLike<number>): Range {
  const range = { least: Infinity, most: -Infinity };
  for (let index = 0; index < values.length; index++) {
    range.least = Math.min(range.least, values[index] as number);
    range.most = Math.max(range.most, values[index] as number);
  }
  return range;
}

function lineariseRatio(metric: ComparisonMetric, { sums, counts }: RatioOutcomes, estimate: number): Linearised {
  const n = sums.length;
  let [total, largest] = [0, 0];
  for (let index = 0; index < n; index++) {
    total += counts[index] as number;
    largest = Math.max(largest, counts[index] as number);
  }
  const valueOf = (sum: number, count: number) => estimate + (n * (sum - estimate * count)) / total;
  const values = Float64Array.from({ length: n }, (_, index) => valueOf(sums[index] as number, counts[index] as number));
  const seen = rangeOf(values);
  // The longest example, everything in it wrong or right; what a token may lose has no bound.
  const most = metric === "accuracy" ? valueOf(largest, largest) : seen.most;
  return { values, range: { least: Math.min(seen.least, valueOf(0, largest)), most: Math.max(seen.most, most) } };
}

function lineariseClasses(metric: ComparisonMetric, { labels, predicted, classes }: ClassOutcomes, estimate: number): Linearised {
  const { ofClasses } = metricFacts[metric];
  if (!ofClasses) throw new TypeError(`${metric} is not computed from a confusion matrix`);
  const n = labels.length;
  const margins = confusionMargins(labels, predicted, classes);
  // An example is in three sums: of its label, of what it is taken for, and of those that are right.
  const [ofLabel, ofGuess, ofRight] = (["labels", "predicted", "diagonal"] as const).map((name) =>
    margins[name].map((count, id) => (isThere(id) ? derivative(name, id, count) : 0)),
  ) as [Float64Array, Float64Array, Float64Array];
  const slope = (label: number, guess: number) =>
    (ofLabel[label] as number) + (ofGuess[guess] as number) + (label === guess ? (ofRight[label] as number) : 0);
  const linear = Float64Array.from({ length: n }, (_, index) => estimate + n * slope(labels[index] as number, predicted[index] as number));
  // A metric that does not change when all counts do has derivatives that add up to 0, but for the digits of a difference quotient.
  const drift = estimate - linear.reduce((sum, value) => sum + value, 0) / n;
  return { values: linear.map((value) => value + drift), range: wholeRange() };

  function isThere(id: number): boolean {
    return (margins.labels[id] as number) > 0 || (margins.predicted[id] as number) > 0;
  }

  function derivative(name: keyof Margins, id: number, count: number): number {
    // One way only where the other would take examples that are not there.
    const step = 1e-4 * Math.max(1, count);
    const at = (by: number) => {
      const kept = margins[name][id] as number;
      margins[name][id] = kept + by;
      const value = confusionValue(ofClasses as NonNullable<typeof ofClasses>, margins);
      margins[name][id] = kept;
      return value;
    };
    return count > 0 ? (at(step) - at(-step)) / (2 * step) : (at(step) - at(0)) / step;
  }

  /** Of all labels that there are, taken for anything that something was taken for or is. */
  function wholeRange(): Range {
    const range = { least: Infinity, most: -Infinity };
    for (let label = 0; label < classes; label++)
      for (let guess = 0; guess < classes; guess++) {
        if (margins.labels[label] === 0 || !isThere(guess)) continue;
        const value = estimate + n * slope(label, guess) + drift;
        range.least = Math.min(range.least, value);
        range.most = Math.max(range.most, value);
      }
    return range;
  }
}
