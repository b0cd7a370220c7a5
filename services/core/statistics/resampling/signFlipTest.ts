import { Generator } from "./generator.js";

/** Differences that are not 0, up to which every assignment of signs is gone through. */
const mostExact = 20;

/**
 * The paired permutation test of a mean difference: were the two exchangeable, each difference would have either sign as likely. Two-sided; exact
 * where at most 20 differences are not 0, else from random signs, with p = (1 + as large) / (1 + resamples), which is never 0 and keeps the level.
 * Source: Fisher, The Design of Experiments, 1935, section 21; Phipson and Smyth, Statistical Applications in Genetics and Molecular Biology 9,
 * 2010.
 * @param differences first less second, one an example
 * @param resamples from 1
 * @param seed a whole number from 0 to 2^32 - 1
 * @returns 1 where every difference is 0
 */
export function signFlipTest(differences: ArrayLike<number>, resamples: number, seed: number): { pValue: number; isExact: boolean } {
  const magnitudes = Float64Array.from(differences).filter((value) => value !== 0);
  const observed = Math.abs(magnitudes.reduce((sum, value) => sum + value, 0));
  for (let index = 0; index < magnitudes.length; index++) magnitudes[index] = Math.abs(magnitudes[index] as number);
  // Sums of the same numbers in another order differ in their last digits.
  const least = observed * (1 - 1e-12);
  if (magnitudes.length === 0) return { pValue: 1, isExact: true };
  if (magnitudes.length <= mostExact) return { pValue: exactShare(magnitudes, least), isExact: true };
  let asLarge = 0;
  for (let resample = 0; resample < resamples; resample++)
    if (Math.abs(flipped(magnitudes, new Generator(seed, resample))) >= least) asLarge++;
  return { pValue: (1 + asLarge) / (1 + resamples), isExact: false };
}

function flipped(magnitudes: Float64Array, generator: Generator): number {
  let sum = 0;
  let bits = 0;
  for (let index = 0; index < magnitudes.length; index++) {
    if (index % 32 === 0) bits = generator.bits() | 0;
    const value = magnitudes[index] as number;
    sum += bits < 0 ? value : -value;
    bits <<= 1;
  }
  return sum;
}

/** Goes through all signs but for that of the first, which turns every sum round, changing one at a time (a Gray code). */
function exactShare(magnitudes: Float64Array, least: number): number {
  const signs = magnitudes.map(() => 1);
  const all = 2 ** (magnitudes.length - 1);
  let asLarge = 0;
  for (let code = 0; code < all; code++) {
    if (code > 0) {
      const changed = magnitudes.length - 1 - Math.round(Math.log2(code & -code));
      signs[changed] = -(signs[changed] as number);
    }
    let sum = 0;
    for (let index = 0; index < magnitudes.length; index++) sum += (signs[index] as number) * (magnitudes[index] as number);
    if (Math.abs(sum) >= least) asLarge++;
  }
  return asLarge / all;
}
