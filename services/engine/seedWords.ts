import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { randomBits } from "#core/random.js";
import { tf } from "./tensorflow.js";

/** A seed as TensorFlow's StatelessRandom operations take it: int32 each. */
export type SeedWords = readonly [number, number];

/** The seed of the `index`-th draw for a purpose: others for every seed, purpose and index. */
export function seedWordsOf(seed: number, purpose: string, index = 0): SeedWords {
  const word = (which: number) => randomBits(seed, purpose, 2 * index + which) | 0;
  return [word(0), word(1)];
}

/** int32 [2], the caller's. */
export function seedTensor(seed: SeedWords): Tensor {
  return tf.tensor1d([...seed], "int32");
}

/** The seed that a parameter's first value is drawn with; int32 [2], the caller's. */
export function initialisationSeed(seed: number, parameter: string): Tensor {
  return seedTensor(seedWordsOf(seed, `initialise/${parameter}`));
}
