/**
 * The exact two-sided p-value of a sum of whole numbers whose signs are as likely one way as the other: of differences that two methods, were they the
 * same, would show as well turned round. Of differences of -1 and 1 it is that of McNemar's exact test.
 * Source: Fisher, The Design of Experiments, 1935, section 21; all sums at once, by adding one difference after another.
 * @param values whole numbers; those that are 0 add nothing
 * @returns the probability of a sum at least as far from 0; 1 of none
 */
export function signFlipLattice(values: ArrayLike<number>): number {
  let sum = 0;
  // Probability of each sum, those of one sign that lie one apart being of the same steps of two: place 0 is the smallest.
  let probabilities = Float64Array.of(1);
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    const size = Math.abs(value);
    if (size === 0) continue;
    sum += value;
    const next = new Float64Array(probabilities.length + size);
    for (const [place, probability] of probabilities.entries()) {
      next[place] = (next[place] as number) + probability / 2;
      next[place + size] = (next[place + size] as number) + probability / 2;
    }
    probabilities = next;
  }
  // A place stands for the sum 2 place - (places - 1); the distribution is even.
  const places = probabilities.length;
  const least = (places - 1 + Math.abs(sum)) / 2;
  let tail = 0;
  for (let place = least; place < places; place++) tail += probabilities[place] as number;
  return Math.min(1, 2 * tail);
}
