import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { free, scale, sub } from "../ops.js";
import { runOp, sumOf, tf } from "../tensorflow.js";

/**
 * (output - target)^2 of each row, as the mean squared error of `transformers` for one number a text.
 * @param outputs [n, 1]
 * @param weight of each row's loss in the step's loss: 1 / examples of the whole step for their mean
 * @returns the sum over the rows; slope [n, 1], 2 weight (output - target), the caller's
 */
export function forward(
  outputs: Tensor,
  targets: readonly number[],
  weight: number,
): { lossSum: number; correct: undefined; slope: Tensor } {
  const wanted = tf.tensor2d([...targets], [targets.length, 1]);
  const error = sub(outputs, wanted);
  const squares = runOp("Square", [error]);
  const lossSum = sumOf(squares);
  const slope = scale(error, 2 * weight);
  free(wanted, error, squares);
  return { lossSum, correct: undefined, slope };
}
