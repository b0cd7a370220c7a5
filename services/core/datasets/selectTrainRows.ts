import { shuffledIndices } from "../random.js";
import type { Example } from "./example.js";

/**
 * The first rows after a shuffle, in the shuffle's order: a smaller count gives the beginning of a larger one's.
 * @param count from 1; all rows when there are fewer
 * @param seed a whole number from 0 to 2^53 - 1
 * @throws RangeError for a count below 1 or a seed outside its range
 */
export function selectTrainRows(examples: readonly Example[], count: number, seed: number): Example[] {
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`count is ${count}; allowed: a whole number from 1`);
  const order = shuffledIndices(examples.length, seed, "select train rows");
  return Array.from(order.subarray(0, count), (index) => examples[index] as Example);
}
