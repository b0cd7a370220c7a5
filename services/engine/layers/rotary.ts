import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { useKernels } from "../kernels.js";
import { add, free, gatherRows, mul, reshape, sub } from "../ops.js";
import { runOp, runOpOutputs, tf } from "../tensorflow.js";

/** Cosines and sines of the angles at each position, [positions, d / 2]. */
export interface RotaryTables {
  cosines: Tensor;
  sines: Tensor;
}

/** Which rows are turned by which angles. */
export interface RotaryCall {
  tables: RotaryTables;
  /** int32 [rows]. */
  positions: Tensor;
  heads: number;
}

/**
 * @param frequencies radians for each position, [d / 2]
 * @param positions how many
 * @returns the caller's
 */
export function rotaryTables(frequencies: Float32Array, positions: number): RotaryTables {
  const shape: [number, number] = [positions, frequencies.length];
  // In float32, as PyTorch multiplies: what is rounded off at far positions is larger than what the cosine adds.
  const angles = Float32Array.from({ length: positions * frequencies.length }, (_, place) => {
    return Math.floor(place / frequencies.length) * (frequencies[place % frequencies.length] as number);
  });
  return { cosines: tf.tensor2d(angles.map(Math.cos), shape), sines: tf.tensor2d(angles.map(Math.sin), shape) };
}

/**
 * Turns the pairs of each head, one number of its first half and one of its second, by their angles at the row's position.
 * Source: Su et al., "RoFormer", arXiv:2104.09864, with the pairs as Llama has them.
 * @param x [rows, heads * d]
 * @returns y [rows, heads * d]
 */
export function forward(x: Tensor, call: RotaryCall): Tensor {
  return turn(x, call, false);
}

/**
 * @param dy [rows, heads * d]
 * @returns dx [rows, heads * d]
 */
export function backward(dy: Tensor, call: RotaryCall): Tensor {
  return turn(dy, call, true);
}

function turn(x: Tensor, { tables: { cosines, sines }, positions, heads }: RotaryCall, inverse: boolean): Tensor {
  if (useKernels())
    return runOp("StepwireRotary", [x, positions, cosines, sines], { heads: { int: heads }, inverse: { int: inverse ? 1 : 0 } });
  const [rows, width] = x.shape as [number, number];
  const half = width / heads / 2;
  const [cosine, sine] = [cosines, sines].map((table) => {
    const chosen = gatherRows(table, positions);
    const lines = reshape(chosen, [rows, 1, half]);
    free(chosen);
    return lines;
  }) as [Tensor, Tensor];
  const split = reshape(x, [rows, heads, 2 * half]);
  const axis = tf.scalar(2, "int32");
  const [a, b] = runOpOutputs("Split", [axis, split], { num_split: { int: 2 }, T: { type: "float32" } }, 2) as [Tensor, Tensor];
  const products = [mul(a, cosine), mul(b, sine), mul(b, cosine), mul(a, sine)] as const;
  const [first, second] = inverse
    ? [add(products[0], products[1]), sub(products[2], products[3])]
    : [sub(products[0], products[1]), add(products[2], products[3])];
  const joined = runOp("ConcatV2", [first, second, axis], { N: { int: 2 }, T: { type: "float32" } });
  const y = reshape(joined, [rows, width]);
  free(cosine, sine, split, axis, a, b, ...products, first, second, joined);
  return y;
}
