import { randomBits } from "../random.js";

/**
 * A class drawn with the probabilities that logits say: softmax, then the inverse of the cumulative sum at a uniform number. The same seed,
 * step and example draw the same number, however a step is cut.
 * @param logits one for each class
 * @returns 0 to classes - 1
 */
export function drawLabel(logits: ArrayLike<number>, { seed, step, example }: { seed: number; step: number; example: number }): number {
  const scores = Array.from(logits);
  const largest = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = (randomBits(seed, `sampled labels/step ${step}`, example) / 2 ** 32) * total;
  const drawn = weights.findIndex((weight) => (left -= weight) < 0);
  return drawn < 0 ? scores.length - 1 : drawn;
}
