import type { Interval } from "../statistics/interval.js";
import { bootstrapMean, type BootstrapOptions, bootstrapTable } from "../statistics/resampling/bootstrapInterval.js";
import { signFlipTest } from "../statistics/resampling/signFlipTest.js";
import type { Evidence } from "./evidence.js";
import { pairedEvidence } from "./meanEvidence.js";
import type { ClassOutcomes } from "./outcomes.js";

/** Of more examples a mean is as normal as resampling could show, and resampling takes minutes. */
export const mostResampled = 20_000;

/** Signs, of all examples, flips and pairs of a comparison: about half a minute. */
export const mostSigns = 2e10;

/** How two models are compared by resampling. */
export interface ResamplingPlan {
  /** At which intervals will be asked for: they are computed at once, so that no outcomes have to be kept. */
  levels: readonly number[];
  /** Random signs of the permutation test. */
  permutations: number;
  /** Whether all pairs together would take minutes: they are compared by paired t tests. */
  isTooMuch?: boolean;
  drawMeans?: NonNullable<BootstrapOptions["drawMeans"]>;
}

/** The metric's values of confusion matrices. */
type OfMatrix = (matrix: readonly (readonly number[])[]) => number;

/** Resamples are drawn from it: the same outcomes give the same figures. */
const seed = 0;

/**
 * Two models on the same examples: the paired permutation test of the mean difference, the bootstrap's BCa interval, and one-sided t tests of
 * equivalence. The order of the examples does not matter, and turning the models round turns the interval round.
 * @param differences first less second of the (linearised) metric, one an example
 * @param classes what the metric is of; left out: the mean of the differences
 */
export function resampledEvidence(
  differences: Float64Array,
  plan: ResamplingPlan,
  classes?: { first: ClassOutcomes; second: ClassOutcomes; ofMatrix: OfMatrix },
): Evidence {
  const values = differences.toSorted();
  const intervals = classes ? tableIntervals(classes.first, classes.second, classes.ofMatrix, plan) : meanIntervals(values, plan);
  return {
    ...pairedEvidence(values),
    test: classes ? "paired permutation test of the linearised metric" : "paired permutation test",
    // Turned round, the magnitudes come in the same order.
    pValue: signFlipTest(
      values.toSorted((a, b) => Math.abs(a) - Math.abs(b)),
      plan.permutations,
      seed,
    ).pValue,
    interval: (level) => {
      const interval = intervals.get(level);
      if (!interval) throw new RangeError(`level is ${level}; allowed: ${plan.levels.join(", ")}`);
      return interval;
    },
  };
}

function meanIntervals(values: Float64Array, { levels, drawMeans }: ResamplingPlan): Map<number, Interval> {
  const negated = values.map((value) => -value).toReversed();
  const isTurned = lessThan(values, negated);
  const oriented = isTurned ? negated : values;
  // Drawn once for all levels.
  let means: Float64Array | undefined;
  const draw = drawMeans && ((...drawn: Parameters<typeof drawMeans>) => (means ??= drawMeans(...drawn)));
  return new Map(
    levels.map((level) => {
      const interval = bootstrapMean(oriented, { level, seed, ...(draw && { drawMeans: draw }) });
      return [level, isTurned ? turned(interval) : interval];
    }),
  );
}

/** Examples with the same label and the same two predictions are alike: a resample is a draw of how many there are of each kind. */
function tableIntervals(
  first: ClassOutcomes,
  second: ClassOutcomes,
  ofMatrix: OfMatrix,
  { levels }: ResamplingPlan,
): Map<number, Interval> {
  const { classes, labels } = first;
  const counts = new Map<number, number>();
  for (let index = 0; index < labels.length; index++) {
    const cell = ((labels[index] as number) * classes + (first.predicted[index] as number)) * classes + (second.predicted[index] as number);
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  const mirrored = (cell: number) => {
    const [label, a, b] = parts(cell);
    return (label * classes + b) * classes + a;
  };
  const cells = [...new Set([...counts.keys()].flatMap((cell) => [cell, mirrored(cell)]))].toSorted((a, b) => a - b);
  const table = Float64Array.from(cells, (cell) => counts.get(cell) ?? 0);
  const swapped = Float64Array.from(cells, (cell) => counts.get(mirrored(cell)) ?? 0);
  const isTurned = lessThan(table, swapped);
  const places = cells.map(parts);
  const statistic = (drawn: Float64Array) => {
    const [ofFirst, ofSecond] = [empty(classes), empty(classes)];
    for (const [index, [label, a, b]] of places.entries()) {
      const count = drawn[index] as number;
      add(ofFirst, label, a, count);
      add(ofSecond, label, b, count);
    }
    return value(ofFirst) - value(ofSecond);
  };
  return new Map(
    levels.map((level) => {
      const interval = bootstrapTable(isTurned ? swapped : table, statistic, { level, seed });
      return [level, isTurned ? turned(interval) : interval];
    }),
  );

  function parts(cell: number): [label: number, first: number, second: number] {
    return [Math.floor(cell / classes ** 2), Math.floor(cell / classes) % classes, cell % classes];
  }

  function value(matrix: readonly Float64Array[]): number {
    return ofMatrix(matrix.map((row) => Array.from(row)));
  }
}

function empty(classes: number): Float64Array[] {
  return Array.from({ length: classes }, () => new Float64Array(classes));
}

function add(matrix: readonly Float64Array[], label: number, guess: number, count: number): void {
  const row = matrix[label] as Float64Array;
  row[guess] = (row[guess] as number) + count;
}

/** In the order of dictionaries. */
function lessThan(a: Float64Array, b: Float64Array): boolean {
  const place = a.findIndex((value, index) => value !== b[index]);
  return place >= 0 && (a[place] as number) < (b[place] as number);
}

function turned({ estimate, lower, upper, ...rest }: Interval): Interval {
  return { ...rest, estimate: -estimate, ...(lower !== undefined && upper !== undefined && { lower: -upper, upper: -lower }) };
}
