import normalQuantile from "@stdlib/stats-base-dists-normal-quantile";
import { checkLevel } from "./checkArguments.js";
import type { Interval } from "./interval.js";

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
  const classes = scores.length === 1 ? [1] : scores.map((_, index) => index);
  const n = labels.length;
  const parts = classes.flatMap((id, place) => structuralComponents(labels, scores[place] ?? [], id) ?? []);
  if (parts.length === 0)
    return { estimate: Number.NaN, ...shape, unavailable: "there are no two classes with examples: nothing can be ranked" };
  const estimate = parts.reduce((sum, { area }) => sum + area, 0) / parts.length;
  const influence = new Float64Array(n);
  for (const { influences } of parts)
    for (let index = 0; index < n; index++) influence[index] = (influence[index] as number) + (influences[index] as number) / parts.length;
  if (parts.some(({ positives, negatives }) => positives < 2 || negatives < 2))
    return { estimate, ...shape, unavailable: "a class, or what is not of it, has one example; two are needed to see how much they vary" };
  const variance = influence.reduce((sum, value) => sum + value ** 2, 0);
  if (variance === 0)
    return { estimate, ...shape, unavailable: "the scores separate the classes completely: the data do not show how much the area varies" };
  const half = -normalQuantile((1 - level) / 2, 0, 1) * Math.sqrt(variance);
  return { estimate, ...shape, lower: Math.max(0, estimate - half), upper: Math.min(1, estimate + half) };
}

interface Components {
  area: number;
  positives: number;
  negatives: number;
  /** What each example adds to the area less its expectation, scaled so that the squares add up to DeLong's variance. */
  influences: Float64Array;
}

/** @returns undefined where a class has no examples, or nothing else has */
function structuralComponents(labels: ArrayLike<number>, scores: ArrayLike<number>, id: number): Components | undefined {
  const n = labels.length;
  const isPositive = (index: number) => labels[index] === id;
  const all = midranks(
    scores,
    Array.from({ length: n }, (_, index) => index),
  );
  const positives = Array.from({ length: n }, (_, index) => index).filter(isPositive);
  const negatives = Array.from({ length: n }, (_, index) => index).filter((index) => !isPositive(index));
  const [m, k] = [positives.length, negatives.length];
  if (m === 0 || k === 0) return undefined;
  const [amongPositives, amongNegatives] = [midranks(scores, positives), midranks(scores, negatives)];
  const area = (positives.reduce((sum, index) => sum + (all[index] as number), 0) / m - (m + 1) / 2) / k;
  const influences = new Float64Array(n);
  // The share of negatives below a positive, and of positives above a negative.
  for (const index of positives)
    influences[index] = (((all[index] as number) - (amongPositives[index] as number)) / k - area) / Math.sqrt(m * Math.max(1, m - 1));
  for (const index of negatives)
    influences[index] = (1 - ((all[index] as number) - (amongNegatives[index] as number)) / m - area) / Math.sqrt(k * Math.max(1, k - 1));
  return { area, positives: m, negatives: k, influences };
}

/** The rank, from 1, of each of some scores among these; equal ones have the mean of theirs. @returns by index into all scores */
function midranks(scores: ArrayLike<number>, members: readonly number[]): Float64Array {
  const sorted = members.toSorted((a, b) => (scores[a] as number) - (scores[b] as number));
  const ranks = new Float64Array(scores.length);
  for (let start = 0; start < sorted.length;) {
    let end = start + 1;
    while (end < sorted.length && scores[sorted[end] as number] === scores[sorted[start] as number]) end++;
    for (let place = start; place < end; place++) ranks[sorted[place] as number] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}
