import type { Tensor } from "@tensorflow/tfjs-node-gpu";

/**
 * Trainable float32 tensors by name. The store alone owns them: each was allocated through a TensorFlow op (never over a typed array's
 * memory), so a kernel may write into it in place.
 */
export interface Parameters {
  readonly names: readonly string[];
  get(name: string): Tensor;
  /** Puts `value` in the place of the parameter, takes ownership of it and disposes the old tensor. */
  assign(name: string, value: Tensor): void;
  /** Puts `value` in the place of the parameter, takes ownership of it and gives the old tensor away. */
  exchange(name: string, value: Tensor): Tensor;
}
