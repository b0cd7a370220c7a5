import { notFinite } from "./notFinite.js";
import { checkLevel } from "./checkArguments.js";
import type { Interval } from "./interval.js";
import { bootstrapBounds } from "./resampling/bootstrapBounds.js";
import { Generator, resamplingVersion } from "./resampling/generator.js";

// Robust summaries of a method's scores over training seeds, and of two methods' against each other. Source: Agarwal, Schwarzer, Castro, Courville and
// Bellemare, Deep Reinforcement Learning at the Edge of the Statistical Precipice, NeurIPS 2021.

/** Scores of one method: of each task one for each training seed. Tasks are strata: seeds are resampled within each. */
export type Scores = readonly (readonly number[])[];

/** How the stratified bootstrap is made. */
export interface SeedBootstrap {
  /** Confidence level, above 0 and below 1. */
  level: number;
  /** From 100. */
  resamples: number;
  /** A whole number from 0 to 2^32 - 1. */
  seed: number;
}

/** Below so many seeds the bootstrap's 95% intervals hold the truth in far too few cases: of three in 73% (interquartile mean) and 79%. */
export const fewestSeeds = 5;

/** The mean of the middle half of all scores: a quarter of them, rounded down, is left out at each end. NaN of no scores. */
export function interquartileMean(scores: Scores): number {
  const sorted = scores.flat().toSorted((a, b) => a - b);
  const cut = Math.floor(sorted.length / 4);
  const middle = sorted.slice(cut, sorted.length - cut);
  return middle.reduce((sum, score) => sum + score, 0) / middle.length;
}

/**
 * The probability that a training of the first method scores higher than one of the second, ties counting half, mean over tasks: Mann and Whitney's U
 * over the number of pairs.
 * @returns 0 to 1
 */
export function probabilityOfImprovement(first: Scores, second: Scores): number {
  const shares = first.map((own, task) => {
    const others = second[task] ?? [];
    let wins = 0;
    for (const a of own) for (const b of others) wins += a > b ? 1 : a === b ? 0.5 : 0;
    return wins / (own.length * others.length);
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/**
 * The interquartile mean with the percentile interval of a bootstrap that resamples seeds within each task; `unavailable` below five seeds. In simulation
 * the 95% interval holds the truth in 90% of cases with five seeds of one task, 94 to 96% with ten.
 */
export function interquartileInterval(scores: Scores, options: SeedBootstrap): Interval {
  return stratified([scores], ([drawn = []]) => interquartileMean(drawn), options);
}

/**
 * The probability of improvement with the percentile interval of a bootstrap that resamples both methods' seeds within each task; `unavailable` below
 * five seeds.
 */
export function improvementInterval(first: Scores, second: Scores, options: SeedBootstrap): Interval {
  return stratified([first, second], ([a = [], b = []]) => probabilityOfImprovement(a, b), options);
}

function stratified(
  methods: readonly Scores[],
  statistic: (methods: Scores[]) => number,
  { level, resamples, seed }: SeedBootstrap,
): Interval {
  checkLevel(level);
  const estimate = statistic([...methods]);
  const shape = {
    ...({ estimate, level, method: "stratified bootstrap, percentile", about: "seeds" } as const),
    resampling: { version: resamplingVersion, resamples, seed },
  };
  const broken = methods.flatMap((scores) => scores.map((task) => notFinite("score", task))).find((each) => each !== undefined);
  if (broken !== undefined) return { ...shape, unavailable: broken };
  const fewest = Math.min(...methods.flatMap((scores) => (scores.length === 0 ? 0 : scores.map((task) => task.length))));
  if (fewest < fewestSeeds)
    return { ...shape, unavailable: `too few seeds for a bootstrap over seeds: ${fewest}; at least ${fewestSeeds}` };
  const values = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    const generator = new Generator(seed, resample);
    values[resample] = statistic(
      methods.map((scores) => scores.map((task) => task.map(() => task[generator.below(task.length)] as number))),
    );
  }
  const bounds = bootstrapBounds({ resamples: values, estimate, acceleration: 0 }, level, "percentile");
  return bounds ? { ...shape, ...bounds } : { ...shape, unavailable: "the resamples do not vary: the seeds show no interval" };
}
