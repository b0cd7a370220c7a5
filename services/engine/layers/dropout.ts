import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { randomBits } from "#core/random.js";
import { free, mul, scale } from "../ops.js";
import { runOp, tf } from "../tensorflow.js";

/** Which numbers are dropped: the same key drops the same ones, in any process. */
export interface DropoutKey {
  seed: number;
  step: number;
  microBatch: number;
}

/** What was kept (bool, the input's shape), owned here; `undefined` when nothing is dropped. */
export interface DropoutSaved {
  kept: Tensor | undefined;
  rate: number;
}

/**
 * Each number becomes 0 with probability `rate`, and is divided by 1 - rate otherwise.
 * @param x any shape
 * @param key `undefined`: nothing is dropped (evaluation)
 * @param place keeps the layers of a model apart, for example "layer 3/attention"
 * @returns y in x's shape; x itself when nothing is dropped
 */
export function forward(x: Tensor, rate: number, key: DropoutKey | undefined, place: string): { y: Tensor; saved: DropoutSaved } {
  if (key === undefined || rate === 0) return { y: x, saved: { kept: undefined, rate: 0 } };
  const kept = keepMask(x.shape, rate, key, place);
  const y = applyMask(x, kept, 1 / (1 - rate));
  return { y, saved: { kept, rate } };
}

/**
 * Frees what `forward` saved.
 * @returns dx in dy's shape; dy itself when nothing was dropped
 */
export function backward(dy: Tensor, { kept, rate }: DropoutSaved): { dx: Tensor } {
  if (kept === undefined) return { dx: dy };
  const dx = applyMask(dy, kept, 1 / (1 - rate));
  free(kept);
  return { dx };
}

/** True with probability 1 - rate, bool of the given shape. */
export function keepMask(shape: readonly number[], rate: number, key: DropoutKey, place: string): Tensor {
  const purpose = `dropout/${place}/micro-batch ${key.microBatch}`;
  const words = [0, 1].map((word) => randomBits(key.seed, purpose, 2 * key.step + word) | 0);
  const size = tf.tensor1d([...shape], "int32");
  const seed = tf.tensor1d(words, "int32");
  const threshold = tf.scalar(rate);
  const uniform = runOp("StatelessRandomUniform", [size, seed], { dtype: { type: "float32" } });
  const kept = runOp("GreaterEqual", [uniform, threshold]);
  free(size, seed, threshold, uniform);
  return kept;
}

/** x where the mask is true, times a factor; 0 elsewhere. */
export function applyMask(x: Tensor, kept: Tensor, factor: number): Tensor {
  const ones = runOp("Cast", [kept], { DstT: { type: "float32" } });
  const masked = mul(x, ones);
  free(ones);
  if (factor === 1) return masked;
  const y = scale(masked, factor);
  free(masked);
  return y;
}
