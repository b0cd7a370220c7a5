import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { StepScalars } from "#core/optimizers/evaluateScalar.js";
import type { ScalarMemory } from "#core/optimizers/runChain.js";
import { quote } from "#core/quote.js";
import { layoutDifferences } from "#core/optimizers/stateLayout.js";
import { tf } from "../tensorflow.js";
import { ownCopy } from "./tensorAlgebra.js";

/** The numbers that an optimizer keeps from step to step. */
export interface RememberedScalars {
  /** By `<element>.<name>` or, where each parameter has its own, `<element>.<name>/<parameter>`. */
  readonly scalars: Readonly<Record<string, number>>;
  /** Of the last step that was taken, on which the point of evaluation may depend; left out: none was. */
  readonly lastStep?: Readonly<Omit<StepScalars, "baseLearningRate">>;
}

/** Everything that an optimizer keeps from step to step, apart from the engine. */
export interface OptimizerSnapshot extends RememberedScalars {
  /** By `<element>.<state>/<parameter>`. */
  readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;
}

/** What an optimizer can go on from: a snapshot, or one whose tensors are elsewhere until their turn comes. */
export interface KeptState extends RememberedScalars {
  readonly tensors: ReadonlyMap<string, KeptTensor>;
}

/** A tensor of a kept state. */
export interface KeptTensor {
  readonly shape: readonly number[];
  /** In the second form asked for once, and let go before the next tensor's are asked for. */
  readonly values: Float32Array | (() => Promise<Float32Array>);
}

/** What a snapshot is taken of. */
export interface Snapshotted {
  readonly names: readonly string[];
  readonly states: Map<string, Tensor>;
  readonly memory: ScalarMemory;
}

/** Something that was kept and does not fit the optimizer that it is given to. */
export class SnapshotMismatch extends Error {
  override readonly name = "SnapshotMismatch";
  /**
   * @param differences as `layoutDifferences` says them
   * @param keptBy the optimizer that kept it
   */
  constructor(
    readonly differences: readonly string[],
    keptBy?: string,
  ) {
    super(`the state${keptBy === undefined ? "" : ` that ${quote(keptBy)} kept`} does not fit the optimizer: ${differences.join("; ")}`);
  }
}

/** Copies the tensors that the parts of an optimizer keep. */
export function takeTensors(parts: readonly Snapshotted[]): OptimizerSnapshot["tensors"] {
  return new Map(
    parts.flatMap(({ states }) =>
      [...states].map(([key, tensor]) => [key, { shape: tensor.shape, values: Float32Array.from(tensor.dataSync<"float32">()) }] as const),
    ),
  );
}

/** The scalars that the parts of an optimizer keep. */
export function takeScalars(parts: readonly Snapshotted[]): RememberedScalars["scalars"] {
  return Object.fromEntries(parts.flatMap((part) => [...scalarsOf(part)]));
}

/**
 * Puts a kept state into an optimizer, one tensor after another.
 * @throws SnapshotMismatch, and then nothing has changed; what asking for a tensor's values throws, and then those before it have
 */
export async function putState(parts: readonly Snapshotted[], { tensors, scalars }: KeptState): Promise<void> {
  const wanted = {
    tensors: new Map(parts.flatMap(({ states }) => [...states].map(([key, { shape }]) => [key, shape] as const))),
    scalars: new Set(parts.flatMap((part) => [...scalarsOf(part).keys()])),
  };
  const kept = {
    tensors: new Map([...tensors].map(([key, { shape }]) => [key, shape] as const)),
    scalars: new Set(Object.keys(scalars)),
  };
  const differences = layoutDifferences(wanted, kept);
  if (differences.length > 0) throw new SnapshotMismatch(differences);
  for (const { states, memory, names } of parts) {
    for (const [key, old] of states) {
      const saved = tensors.get(key);
      if (!saved) continue;
      const values = typeof saved.values === "function" ? await saved.values() : saved.values;
      const over = tf.tensor(values, [...saved.shape], "float32");
      states.set(key, tf.keep(ownCopy(over)));
      tf.dispose([over, old]);
    }
    for (const [key, value] of memory)
      memory.set(
        key,
        typeof value === "number" ? (scalars[key] ?? value) : Float64Array.from(names, (name) => scalars[`${key}/${name}`] ?? Number.NaN),
      );
  }
}

function scalarsOf({ memory, names }: Snapshotted): Map<string, number> {
  return new Map(
    [...memory].flatMap(([key, value]) =>
      typeof value === "number"
        ? [[key, value] as const]
        : names.map((name, index) => [`${key}/${name}`, value[index] ?? Number.NaN] as const),
    ),
  );
}
