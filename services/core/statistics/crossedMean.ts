import { beyondRounding, largestSize } from "./beyondRounding.js";
import type { CrossedSize, CrossedSquares } from "./crossedTail.js";

/** Where the variance of crossed values comes from, by the method of moments: a component may come out negative, which says that there is no sign of it. */
export interface CrossedComponents {
  /** Variance of the seeds' own effect. */
  seedVariance: number;
  /** Variance of the examples' own effect. */
  exampleVariance: number;
  /** Variance of what is left: how seeds and examples act together, and chance. */
  residualVariance: number;
}

/** The mean of values that are crossed: one for each training seed and example. */
export interface CrossedMean extends CrossedSize, CrossedComponents {
  /** Over all seeds and examples. */
  estimate: number;
  /** Of the estimate, were seeds and examples drawn anew. */
  standardError: number;
}

/** A mean, and the mean squares that say how much it varies. */
export interface MeanSquares {
  size: CrossedSize;
  /** Over all seeds and examples. */
  estimate: number;
  /** Of one seed those of seeds and of the residual are 0. */
  squares: CrossedSquares;
}

/**
 * The mean squares of seeds, of examples and of the residual of values that are crossed: one for each training seed and example.
 * @param rows one a seed, each with one value an example, in the same order
 * @returns undefined with no seed or fewer than two examples
 * @throws RangeError for rows of different lengths
 */
export function meanSquares(rows: readonly ArrayLike<number>[]): MeanSquares | undefined {
  const [first] = rows;
  const seeds = rows.length;
  const examples = first?.length ?? 0;
  for (const [index, row] of rows.entries())
    if (row.length !== examples) throw new RangeError(`rows[${index}] has ${row.length} examples, the first row ${examples}`);
  if (seeds < 1 || examples < 2) return undefined;
  // Less one of them: rounding of long sums does not show as a variance.
  const origin = first?.[0] as number;
  const exampleSums = new Float64Array(examples);
  const seedMeans = rows.map((row) => {
    let sum = 0;
    for (let example = 0; example < examples; example++) {
      const value = (row[example] as number) - origin;
      sum += value;
      exampleSums[example] = (exampleSums[example] as number) + value;
    }
    return sum / examples;
  });
  const centre = seedMeans.reduce((sum, mean) => sum + mean, 0) / seeds;
  const estimate = origin + centre;
  const largest = Math.max(...rows.map(largestSize));
  let exampleSquares = 0;
  for (const sum of exampleSums) exampleSquares += (sum / seeds - centre) ** 2;
  const ofExamples = (seeds * beyondRounding(exampleSquares, examples, largest)) / (examples - 1);
  const size = { seeds, examples };
  if (seeds === 1) return { size, estimate, squares: { ofSeeds: 0, ofExamples, residual: 0 } };
  const seedSquares = seedMeans.reduce((sum, mean) => sum + (mean - centre) ** 2, 0);
  const ofSeeds = (examples * beyondRounding(seedSquares, seeds, largest)) / (seeds - 1);
  let residualSquares = 0;
  for (const [index, row] of rows.entries()) {
    const shift = (seedMeans[index] as number) - centre;
    for (let example = 0; example < examples; example++)
      residualSquares += ((row[example] as number) - origin - (exampleSums[example] as number) / seeds - shift) ** 2;
  }
  const residual = beyondRounding(residualSquares, seeds * examples, largest) / ((seeds - 1) * (examples - 1));
  return { size, estimate, squares: { ofSeeds, ofExamples, residual } };
}

/**
 * The mean of values that vary over training seeds and over examples, each seed having been measured on the same examples: a two-way random model
 * without replication, mean squares A of seeds, B of examples, C of the residual. The variance of the mean is (A + B - C) / (seeds examples) and
 * never less than what seeds alone (A) or examples alone (B) give, so that a component that comes out negative does not make the answer surer.
 * Source: Cornfield and Tukey, Annals of Mathematical Statistics 27, 1956; for readers crossed with cases, which are our seeds and examples, Hillis,
 * Statistics in Medicine 26, 2007.
 * @param rows one a seed, each with one value an example, in the same order
 * @returns undefined with fewer than two seeds or two examples
 * @throws RangeError for rows of different lengths
 */
export function crossedMean(rows: readonly ArrayLike<number>[]): CrossedMean | undefined {
  const found = meanSquares(rows);
  if (!found || found.size.seeds < 2) return undefined;
  const { size, estimate, squares } = found;
  return { ...size, estimate, standardError: crossedError(squares, size), ...crossedComponents(squares, size) };
}

/** The standard error of a crossed mean. */
export function crossedError({ ofSeeds, ofExamples, residual }: CrossedSquares, { seeds, examples }: CrossedSize): number {
  return Math.sqrt(Math.max(ofSeeds + ofExamples - residual, ofSeeds, ofExamples) / (seeds * examples));
}

/** The components of the variance, by the method of moments. */
export function crossedComponents({ ofSeeds, ofExamples, residual }: CrossedSquares, { seeds, examples }: CrossedSize): CrossedComponents {
  return { seedVariance: (ofSeeds - residual) / examples, exampleVariance: (ofExamples - residual) / seeds, residualVariance: residual };
}
