import { notFinite } from "../notFinite.js";
import type { Interval } from "../interval.js";
import { accelerationOf, bootstrapBounds, type BootstrapMethod } from "./bootstrapBounds.js";
import { resamplingVersion } from "./generator.js";
import { resampleMeans } from "./resampleMeans.js";
import { resampleTable } from "./resampleTable.js";

/** How a bootstrap is made; what is left out takes the default. */
export interface BootstrapOptions {
  /** Confidence level, above 0 and below 1. Default 0.95. */
  level?: number;
  /** Default "bca". */
  method?: BootstrapMethod;
  /** Default 10,000. */
  resamples?: number;
  /** A whole number from 0 to 2^32 - 1. Default 0. */
  seed?: number;
}

/** Of options, every default filled in. */
export type BootstrapSettings = Required<BootstrapOptions>;

const most = { resamples: 1_000_000, seed: 2 ** 32 - 1 };

/** @throws RangeError for a number outside its range */
function bootstrapSettings({ level = 0.95, method = "bca", resamples = 10_000, seed = 0 }: BootstrapOptions): BootstrapSettings {
  if (!Number.isInteger(resamples) || resamples < 100 || resamples > most.resamples)
    throw new RangeError(`resamples is ${resamples}; allowed: a whole number from 100 to ${most.resamples}`);
  if (!Number.isInteger(seed) || seed < 0 || seed > most.seed)
    throw new RangeError(`seed is ${seed}; allowed: a whole number from 0 to ${most.seed}`);
  return { level, method, resamples, seed };
}

/**
 * The bootstrap's interval of a mean; of a difference of two means of the same examples where the values are differences.
 * @param values one an example, at most 2^21
 * @throws RangeError for options outside their range
 */
export function bootstrapMean(values: Float64Array, options: BootstrapOptions = {}): Interval {
  const settings = bootstrapSettings(options);
  const n = values.length;
  const estimate = n === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / n;
  const broken = notFinite("value", values);
  if (broken !== undefined) return { ...without(estimate, settings, n), unavailable: broken };
  if (n < 2 || values.every((value) => value === values[0])) return without(estimate, settings, n);
  const resamples = resampleMeans(values, { seed: settings.seed, from: 0, to: settings.resamples });
  // Without an example, a mean changes by the example's distance from it.
  const acceleration = accelerationOf(leftOut(values, estimate));
  return intervalOf({ resamples, estimate, acceleration }, settings);
}

/**
 * The bootstrap's interval of a statistic of a table of counts, such as a confusion matrix.
 * @param counts of each cell
 * @param statistic of counts, which it must not keep
 * @param withoutOne the statistic of counts with one example less in a cell; left out: from `statistic`
 * @throws RangeError for options outside their range
 */
export function bootstrapTable(
  counts: ArrayLike<number>,
  statistic: (counts: Float64Array) => number,
  options: BootstrapOptions = {},
  withoutOne: (counts: Float64Array) => (cell: number) => number = changedCopy(statistic),
): Interval {
  const settings = bootstrapSettings(options);
  const table = Float64Array.from(counts);
  const n = table.reduce((sum, count) => sum + count, 0);
  const estimate = n === 0 ? Number.NaN : statistic(table);
  if (n < 2 || table.filter((count) => count > 0).length < 2) return without(estimate, settings, n);
  const resamples = resampleTable(table, statistic, { seed: settings.seed, from: 0, to: settings.resamples });
  const less = withoutOne(table);
  const acceleration = accelerationOf(
    Array.from(table, (count, cell) => (count === 0 ? { value: 0, count } : { value: less(cell), count })),
  );
  return intervalOf({ resamples: resamples.filter((value) => !Number.isNaN(value)), estimate, acceleration }, settings);
}

function changedCopy(statistic: (counts: Float64Array) => number) {
  return (table: Float64Array) => (cell: number) => {
    const smaller = table.slice();
    smaller[cell] = (smaller[cell] as number) - 1;
    return statistic(smaller);
  };
}

/** A statistic of examples that are resampled one by one, for `bootstrapOf`. */
export interface ResampledStatistic {
  /** Examples. */
  n: number;
  estimate: number;
  /** Whether every example has the same value. */
  isConstant: boolean;
  /** The statistic of the resamples 0 to `count` of a seed. */
  draw(seed: number, count: number): Float64Array;
  acceleration(): number;
}

/** The bootstrap's interval of any statistic. @throws RangeError for options outside their range */
export function bootstrapOf({ n, estimate, isConstant, draw, acceleration }: ResampledStatistic, options: BootstrapOptions): Interval {
  const settings = bootstrapSettings(options);
  if (n < 2 || isConstant) return without(estimate, settings, n);
  return intervalOf({ resamples: draw(settings.seed, settings.resamples), estimate, acceleration: acceleration() }, settings);
}

function* leftOut(values: Float64Array, mean: number): Generator<{ value: number; count: number }> {
  for (const value of values) yield { value: mean - value, count: 1 };
}

function intervalOf(sample: Parameters<typeof bootstrapBounds>[0], { level, method, resamples, seed }: BootstrapSettings): Interval {
  const shape = {
    ...{ estimate: sample.estimate, level, method: `bootstrap, ${method}` as const, about: "examples" as const },
    resampling: { version: resamplingVersion, resamples, seed },
  };
  if (sample.resamples.length === 0) return { ...shape, unavailable: "no resample has a value" };
  const bounds = bootstrapBounds(sample, level, method);
  return bounds
    ? { ...shape, ...bounds }
    : { ...shape, unavailable: "the resamples do not vary around the estimate: they show no interval" };
}

function without(estimate: number, { level, method }: BootstrapSettings, n: number): Interval {
  const unavailable =
    n === 0
      ? "there are no examples (n = 0); two are needed"
      : n === 1
        ? "there is one example (n = 1); two are needed"
        : "every example has the same value: the data do not show how much they vary";
  return { estimate, level, method: `bootstrap, ${method}`, about: "examples", unavailable };
}
