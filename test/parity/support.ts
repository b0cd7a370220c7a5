import { open, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { expect } from "vitest";
import type { Gradient } from "#engine/gradient.js";
import { denseGradient } from "#engine/layers/tapeOracle.js";
import { readFloats, readTensorEntries } from "#engine/models/modelFiles.js";

/** Where the values of PyTorch and transformers are; see make_goldens.py and make_decoder_goldens.py. */
export const goldens = fileURLToPath(new URL("goldens", import.meta.url));

export async function readGolden<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(join(goldens, name), "utf8")) as T;
}

/** Of 30 steps of AdamW: what each was before its update. */
export interface GoldenStep {
  loss: number;
  gradNorm: number;
}

/** The recipe of these steps. */
export interface GoldenRecipe {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  maxGradNorm: number;
}

/** The optimizer of a recipe. */
export function adamw({ learningRate, beta1, beta2, epsilon, weightDecay }: GoldenRecipe) {
  return { name: "adamw", hyperparameters: { learning_rate: learningRate, beta1, beta2, epsilon, weight_decay: weightDecay } };
}

/** Within 1e-4 of the scale of what was expected. */
export function expectLogits(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  const worst = Math.max(...expected.map((value, index) => Math.abs(value - (actual[index] ?? Number.NaN))));
  expect(worst / scale).toBeLessThan(1e-4);
}

/**
 * Every gradient within 1e-4 of the norm of what was expected. One that is 0 but for rounding, as that of the keys' bias where nothing turns the
 * keys, is below a millionth of the norm of all on both sides.
 * @param nameOf the engine's name of a tensor of the file
 */
export async function expectGradients(
  gradients: ReadonlyMap<string, Gradient>,
  file: string,
  nameOf: (name: string) => string = (name) => name,
): Promise<void> {
  const expected = await readTensors(file);
  expect([...gradients.keys()].toSorted()).toEqual([...expected.keys()].map(nameOf).toSorted());
  const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));
  const global = Math.hypot(...[...expected.values()].map(({ values }) => norm(values)));
  for (const [name, { shape, values }] of expected) {
    const gradient = denseGradient(gradients.get(nameOf(name)) as Gradient);
    expect(gradient.shape, name).toEqual(shape);
    const actual = gradient.dataSync();
    gradient.dispose();
    const difference = norm(values.map((value, index) => value - (actual[index] ?? Number.NaN)));
    if (norm(values) < 1e-6 * global) expect(norm(actual) / global, name).toBeLessThan(1e-6);
    else expect(difference / norm(values), name).toBeLessThan(1e-4);
  }
}

/** The tensors of a safetensors file. */
export async function readTensors(file: string): Promise<Map<string, { shape: number[]; values: Float32Array }>> {
  const opened = await open(join(goldens, file));
  try {
    const { tensors } = await readTensorEntries({ file: opened, stats: await opened.stat({ bigint: true }) }, "goldens", file);
    const found = new Map<string, { shape: number[]; values: Float32Array }>();
    for (const [name, entry] of tensors ?? []) found.set(name, { shape: entry.shape, values: await readFloats(opened, entry) });
    return found;
  } finally {
    await opened.close();
  }
}
