import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { expect } from "vitest";
import { type Gradient, RowGradient } from "../gradient.js";
import { withTwins } from "../kernels.js";
import { tf } from "../tensorflow.js";

// What tests of layers have in common. The oracle is TF.js's own gradient tape over the textbook formula.

/** Output and input gradients of `formula`, for the output gradient `dy`. */
export function tape(formula: (...x: Tensor[]) => Tensor, inputs: Tensor[], dy: Tensor): { y: Tensor; gradients: Tensor[] } {
  return { y: formula(...inputs), gradients: tf.grads(formula)(inputs, dy) };
}

/** Checks a tensor's shape and numbers. */
export function expectClose(actual: Tensor, expected: Tensor | undefined, tolerance = 2e-5): void {
  expect(actual.shape).toEqual(expected?.shape);
  const values = numbers(actual);
  const worst =
    expected && numbers(expected).reduce((most, value, index) => Math.max(most, Math.abs(value - (values[index] ?? Number.NaN))), 0);
  expect(worst).toBeLessThan(tolerance);
}

export const normal = (shape: number[], seed: number): Tensor => tf.randomNormal(shape, 0, 1, "float32", seed);

/** The paths that each layer has. */
export const paths: [string, <T>(work: () => T) => T][] = [
  ["kernels", (work) => work()],
  ["twins", withTwins],
];

/** What `work` gives on the kernels and on the twins. */
export const both = <T>(work: () => T): [T, T] => [work(), withTwins(work)];

/** A tensor's numbers. */
export const numbers = (x: Tensor): number[] => Array.from(x.dataSync<"float32">());

/** A gradient as one tensor in the parameter's shape; a new one of the caller. */
export const denseGradient = (gradient: Gradient): Tensor => (gradient instanceof RowGradient ? gradient.dense() : gradient.clone());
