import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { checkLevel } from "./checkArguments.js";
import { notFinite } from "./notFinite.js";
import type { Interval } from "./interval.js";
import type { Range } from "./within.js";

/** Scores of all classes that are held to be ranked: 160 MB. */
export const mostScores = 20_000_000;

/**
 * The area under the receiver operating characteristic: the probability that an example of the class gets a higher score than one that is not of it,
 * ties counting half. Of more than two classes it is the mean over classes, each against the others (one-vs-rest), those left out that have no
 * examples or nothing but examples. The interval is DeLong's: normal, with the variance of the structural components, which of several
 * classes are added up example by example, since they are of the same examples. Source: DeLong, DeLong and Clarke-Pearson, Biometrics 44, 1988; in
 * n log n by midranks, Sun and Xu, IEEE Signal Processing Letters 21, 2014.
 * @param labels true class ids
 * @param scores of each class, one an example: any number that grows with how likely the class is. One list: two classes, and its scores are of class 1
 * @param level confidence level, above 0 and below 1
 * @throws RangeError for a level outside its range
 */
export function rocAucInterval(labels: ArrayLike<number>, scores: readonly ArrayLike<number>[], level: number): Interval {
  checkLevel(level);
  const shape = { level, method: "delong", about: "examples" } as const;
  const broken = scores.map((own) => notFinite("score", own)).find((each) => each !== undefined);
  if (broken !== undefined) return { estimate: Number.NaN, ...shape, unavailable: broken };
  const ranked = rankedClasses(labels, scores);
  if (ranked.length === 0)
    return { estimate: Number.NaN, ...shape, unavailable: "there are no two classes with examples: nothing can be ranked" };
  // DeLong's variances of the two kinds of placements have one degree of freedom less than there are of them.
  const { estimate, influence } = influences(labels, ranked, (count) => Math.sqrt(count * Math.max(1, count - 1)));
  if (ranked.some(({ positives, negatives }) => positives < 2 || negatives < 2))
    return { estimate, ...shape, unavailable: "a class, or what is not of it, has one example; two are needed to see how much they vary" };
  const variance = influence.reduce((sum, value) => sum + value ** 2, 0);
  if (variance === 0)
    return { estimate, ...shape, unavailable: "the scores separate the classes completely: the data do not show how much the area varies" };
  const half = -normalQuantile((1 - level) / 2, 0, 1) * Math.sqrt(variance);
  return { estimate, ...shape, lower: Math.max(0, estimate - half), upper: Math.min(1, estimate + half) };
}

/**
 * One value an example whose mean is the area and whose spread is that of its structural components: the difference of two models' values on the same
 * examples compares their areas as DeLong, DeLong and Clarke-Pearson do, Biometrics 44, 1988.
 * @param labels true class ids
 * @param scores as of `rocAucInterval`
 * @returns also between what a value can lie, an example being ranked first or last; undefined where nothing can be ranked
 * @throws RangeError for a score that is no finite number
 */
export function rocAucValues(
  labels: ArrayLike<number>,
  scores: readonly ArrayLike<number>[],
): { values: Float64Array; range: Range } | undefined {
  for (const own of scores) {
    const broken = notFinite("score", own);
    if (broken !== undefined) throw new RangeError(broken);
  }
  const ranked = rankedClasses(labels, scores);
  if (ranked.length === 0) return undefined;
  const n = labels.length;
  const { estimate, areas, influence } = influences(labels, ranked, (count) => count);
  // Of an example of one of the classes, or of none that is ranked: the same place among all that it is compared with.
  const valueAt = (own: RankedClass | undefined, place: number) =>
    ranked.reduce(
      (sum, each, index) =>
        sum + (n * (place - (areas[index] as number))) / ((each === own ? each.positives : each.negatives) * ranked.length),
      estimate,
    );
  const kinds = ranked.length === 1 ? [...ranked, undefined] : ranked;
  const range = { least: Math.min(...kinds.map((own) => valueAt(own, 0))), most: Math.max(...kinds.map((own) => valueAt(own, 1))) };
  return { values: influence.map((value) => estimate + n * value), range };
}

/** The classes that can be ranked: one list of scores is of class 1. */
function rankedClasses(labels: ArrayLike<number>, scores: readonly ArrayLike<number>[]): RankedClass[] {
  const n = labels.length;
  return scores.flatMap((own, place) => {
    const id = scores.length === 1 ? 1 : place;
    let positives = 0;
    for (let index = 0; index < n; index++) if (labels[index] === id) positives++;
    return positives === 0 || positives === n ? [] : { own, id, positives, negatives: n - positives };
  });
}

/** Of the mean area. @param scale by which an example's part is divided, from how many are of its kind */
function influences(
  labels: ArrayLike<number>,
  ranked: readonly RankedClass[],
  scale: (count: number) => number,
): { estimate: number; areas: number[]; influence: Float64Array } {
  const influence = new Float64Array(labels.length);
  const areas = ranked.map((each) => addInfluences(influence, labels, each, (count) => scale(count) * ranked.length));
  return { estimate: areas.reduce((sum, area) => sum + area, 0) / areas.length, areas, influence };
}

interface RankedClass {
  id: number;
  own: ArrayLike<number>;
  positives: number;
  negatives: number;
}

/** Adds, for each example, what it adds to the area less its expectation, scaled. @returns the class's area */
function addInfluences(
  influence: Float64Array,
  labels: ArrayLike<number>,
  { id, own, positives, negatives }: RankedClass,
  scale: (count: number) => number,
): number {
  const n = labels.length;
  const ofClass = new Float64Array(positives);
  const others = new Float64Array(negatives);
  let [next, nextOther] = [0, 0];
  for (let index = 0; index < n; index++)
    if (labels[index] === id) ofClass[next++] = own[index] as number;
    else others[nextOther++] = own[index] as number;
  ofClass.sort();
  others.sort();
  // The share of the others below one of the class, and of the class above one of the others: their mean is the area.
  const place = (index: number) => {
    const score = own[index] as number;
    return labels[index] === id ? midrank(others, score) / negatives : 1 - midrank(ofClass, score) / positives;
  };
  const places = new Float64Array(n);
  let sum = 0;
  for (let index = 0; index < n; index++) {
    places[index] = place(index);
    if (labels[index] === id) sum += places[index] as number;
  }
  const area = sum / positives;
  const [ofPositive, ofNegative] = [scale(positives), scale(negatives)];
  for (let index = 0; index < n; index++)
    influence[index] = (influence[index] as number) + ((places[index] as number) - area) / (labels[index] === id ? ofPositive : ofNegative);
  return area;
}

/** How many of sorted scores are below one; equal ones count half. */
function midrank(sorted: Float64Array, score: number): number {
  const below = firstNot(sorted, (value) => value < score, 0);
  return (below + firstNot(sorted, (value) => value <= score, below)) / 2;
}

/** How many of sorted scores, from the first one on, are as they should be. @param from so many are known to be */
function firstNot(sorted: Float64Array, isBefore: (value: number) => boolean, from: number): number {
  let [low, high] = [from, sorted.length];
  // Few scores are equal: the end of a run of these is near its beginning.
  for (let step = 1; from > 0 && low + step < high; step *= 2)
    if (isBefore(sorted[low + step - 1] as number)) low += step;
    else high = low + step - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(sorted[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}
