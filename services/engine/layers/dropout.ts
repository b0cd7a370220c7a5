import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { useKernels } from "../kernels.js";
import { free, mul, scale } from "../ops.js";
import { type SeedWords, seedTensor, seedWordsOf } from "../seedWords.js";
import { runOp, tf } from "../tensorflow.js";

/** Which numbers are dropped: the same key drops the same ones, in any process. */
export interface DropoutKey {
  seed: number;
  step: number;
  microBatch: number;
}

/** How to drop the same numbers again; of the twin what was kept (bool, the input's shape), owned here; neither: nothing is dropped. */
export interface DropoutSaved {
  rate: number;
  seed?: SeedWords;
  kept?: Tensor;
}

/**
 * Each number becomes 0 with probability `rate`, and is divided by 1 - rate otherwise.
 * @param x any shape
 * @param key `undefined`: nothing is dropped (evaluation)
 * @param place keeps the layers of a model apart, for example "layer 3/attention"
 * @returns y in x's shape; x itself when nothing is dropped
 */
export function forward(x: Tensor, rate: number, key: DropoutKey | undefined, place: string): { y: Tensor; saved: DropoutSaved } {
  if (key === undefined || rate === 0) return { y: x, saved: { rate: 0 } };
  const seed = seedWords(key, place);
  if (useKernels()) return { y: drop(x, rate, seed), saved: { rate, seed } };
  const kept = keepMask(x.shape, rate, seed);
  const y = applyMask(x, kept, 1 / (1 - rate));
  return { y, saved: { kept, rate } };
}

/**
 * Frees what `forward` saved.
 * @returns dx in dy's shape; dy itself when nothing was dropped
 */
export function backward(dy: Tensor, { kept, rate, seed }: DropoutSaved): { dx: Tensor } {
  if (seed) return { dx: drop(dy, rate, seed) };
  if (kept === undefined) return { dx: dy };
  const dx = applyMask(dy, kept, 1 / (1 - rate));
  free(kept);
  return { dx };
}

function drop(x: Tensor, rate: number, seed: SeedWords): Tensor {
  const words = seedTensor(seed);
  const y = runOp("StepwireDropout", [x, words], { rate: { float: rate } });
  free(words);
  return y;
}

/** The seed of a place in a step: others for every place, step and micro-batch. */
export function seedWords(key: DropoutKey, place: string): SeedWords {
  const purpose = `dropout/${place}/micro-batch ${key.microBatch}`;
  return seedWordsOf(key.seed, purpose, key.step);
}

/** True with probability 1 - rate, bool of the given shape. */
export function keepMask(shape: readonly number[], rate: number, seed: SeedWords): Tensor {
  const size = tf.tensor1d([...shape], "int32");
  const words = seedTensor(seed);
  const threshold = tf.scalar(rate);
  const uniform = runOp("StatelessRandomUniform", [size, words], { dtype: { type: "float32" } });
  const kept = runOp("GreaterEqual", [uniform, threshold]);
  free(size, words, threshold, uniform);
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
