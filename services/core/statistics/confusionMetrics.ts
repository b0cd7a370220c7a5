import type { Interval } from "./interval.js";
import { macroF1 } from "./f1.js";
import { type BootstrapOptions, bootstrapTable } from "./resampling/bootstrapInterval.js";

type Matrix = readonly (readonly number[])[];

/**
 * F1 over all decisions of all classes together, as scikit-learn's `f1_score(average="micro")`. Where every example has one label and one prediction
 * it is the accuracy.
 * @param matrix square, [true class][predicted class], counts
 * @returns 0 to 1; NaN when the matrix holds no example
 */
export function microF1(matrix: Matrix): number {
  return ofMargins.micro_f1(marginsOf(matrix));
}

/**
 * Matthews' correlation of labels and predictions, for any number of classes: Gorodkin, Computational Biology and Chemistry 28, 2004.
 * @param matrix square, [true class][predicted class], counts
 * @returns -1 to 1; 0 where all labels or all predictions are of one class, as scikit-learn has it; NaN when the matrix holds no example
 */
export function matthewsCorrelation(matrix: Matrix): number {
  return ofMargins.matthews_correlation(marginsOf(matrix));
}

/**
 * Mean recall of the classes that have examples: the accuracy if each class had as many.
 * @param matrix square, [true class][predicted class], counts
 * @returns 0 to 1; NaN when the matrix holds no example
 */
export function balancedAccuracy(matrix: Matrix): number {
  return ofMargins.balanced_accuracy(marginsOf(matrix));
}

/** Metrics of a confusion matrix, by name. */
export const confusionMetrics = {
  macro_f1: macroF1,
  micro_f1: microF1,
  matthews_correlation: matthewsCorrelation,
  balanced_accuracy: balancedAccuracy,
} as const;

/** What these metrics need of a matrix: examples of each class, predictions of each class, and both at once. */
export interface Margins {
  labels: Float64Array;
  predicted: Float64Array;
  diagonal: Float64Array;
}

/**
 * The margins of the confusion matrix of labels and predictions, without the matrix.
 * @param classes number of classes; ids are from 0 to one less
 */
export function confusionMargins(labels: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): Margins {
  const margins = { labels: new Float64Array(classes), predicted: new Float64Array(classes), diagonal: new Float64Array(classes) };
  for (let index = 0; index < labels.length; index++) addTo(margins, labels[index] as number, predicted[index] as number, 1);
  return margins;
}

/** A metric's value from margins, whose counts need not be whole. */
export function confusionValue(metric: keyof typeof confusionMetrics, margins: Margins): number {
  return ofMargins[metric](margins);
}

function addTo({ labels, predicted, diagonal }: Margins, label: number, guess: number, count: number): void {
  labels[label] = (labels[label] as number) + count;
  predicted[guess] = (predicted[guess] as number) + count;
  if (label === guess) diagonal[label] = (diagonal[label] as number) + count;
}

function marginsOf(matrix: Matrix): Margins {
  return {
    labels: Float64Array.from(matrix, sum),
    predicted: Float64Array.from(matrix, (_, column) => sum(matrix.map((row) => row[column] ?? 0))),
    diagonal: Float64Array.from(matrix, (row, index) => row[index] ?? 0),
  };
}

const ofMargins: Readonly<Record<keyof typeof confusionMetrics, (margins: Margins) => number>> = {
  macro_f1({ labels, predicted, diagonal }) {
    let [total, present] = [0, 0];
    for (let id = 0; id < labels.length; id++) {
      const both = (predicted[id] as number) + (labels[id] as number);
      if (both === 0) continue;
      total += (2 * (diagonal[id] as number)) / both;
      present++;
    }
    return total / present;
  },
  micro_f1: ({ labels, diagonal }) => sumOf(diagonal) / sumOf(labels),
  matthews_correlation({ labels, predicted, diagonal }) {
    const n = sumOf(labels);
    if (n === 0) return Number.NaN;
    let [ofLabels, ofPredicted, ofBoth] = [0, 0, 0];
    for (let id = 0; id < labels.length; id++) {
      const [label, guess] = [labels[id] as number, predicted[id] as number];
      ofLabels += label * label;
      ofPredicted += guess * guess;
      ofBoth += label * guess;
    }
    // One root of the product: that of a square is exact, so that perfect predictions have exactly 1, resampled too.
    const spread = Math.sqrt((n ** 2 - ofPredicted) * (n ** 2 - ofLabels));
    return spread === 0 ? 0 : (sumOf(diagonal) * n - ofBoth) / spread;
  },
  balanced_accuracy({ labels, diagonal }) {
    let [total, present] = [0, 0];
    for (let id = 0; id < labels.length; id++) {
      if (labels[id] === 0) continue;
      total += (diagonal[id] as number) / (labels[id] as number);
      present++;
    }
    return total / present;
  },
};

/**
 * The bootstrap's interval of a metric of a confusion matrix. Only filled cells are resampled, and an example left out changes three sums: of 256 classes
 * nearly all 65,536 cells are empty or hold few examples.
 * @param matrix square, [true class][predicted class], counts
 */
export function confusionInterval(matrix: Matrix, metric: keyof typeof confusionMetrics, options: BootstrapOptions): Interval {
  const size = matrix.length;
  const places = matrix.flatMap((row, label) => row.flatMap((count, guess) => (count > 0 ? [{ label, guess, count }] : [])));
  const margins = { labels: new Float64Array(size), predicted: new Float64Array(size), diagonal: new Float64Array(size) };
  const add = (place: number, count: number) => {
    const { label, guess } = places[place] as (typeof places)[number];
    addTo(margins, label, guess, count);
  };
  const statistic = (counts: Float64Array) => {
    for (const each of Object.values(margins)) each.fill(0);
    for (let place = 0; place < places.length; place++) add(place, counts[place] as number);
    return ofMargins[metric](margins);
  };
  const withoutOne = (counts: Float64Array) => {
    statistic(counts);
    return (place: number) => {
      add(place, -1);
      const value = ofMargins[metric](margins);
      add(place, 1);
      return value;
    };
  };
  return bootstrapTable(
    places.map(({ count }) => count),
    statistic,
    options,
    withoutOne,
  );
}

function sumOf(values: Float64Array): number {
  return values.reduce((all, value) => all + value, 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
