import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { ScalarMemory } from "#core/optimizers/runChain.js";
import { tf } from "../tensorflow.js";
import { ownCopy } from "./tensorAlgebra.js";

/** Everything that an optimizer keeps from step to step, apart from the engine. */
export interface OptimizerSnapshot {
  /** By `<element>.<state>/<parameter>`. */
  readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;
  /** Scalars, by `<element>.<name>` or, where each parameter has its own, `<element>.<name>/<parameter>`. */
  readonly scalars: Readonly<Record<string, number>>;
}

/** What a snapshot is taken of. */
export interface Snapshotted {
  readonly names: readonly string[];
  readonly states: Map<string, Tensor>;
  readonly memory: ScalarMemory;
}

/** A snapshot that does not fit the optimizer that it is given to. */
class SnapshotMismatch extends Error {
  override readonly name = "SnapshotMismatch";
  /** One sentence for each difference. */
  constructor(readonly differences: readonly string[]) {
    super(`the optimizer's state does not fit: ${differences.join("; ")}`);
  }
}

/** Copies what the parts of an optimizer keep. */
export function takeSnapshot(parts: readonly Snapshotted[]): OptimizerSnapshot {
  const tensors = parts.flatMap(({ states }) =>
    [...states].map(([key, tensor]) => [key, { shape: tensor.shape, values: Float32Array.from(tensor.dataSync<"float32">()) }] as const),
  );
  return { tensors: new Map(tensors), scalars: Object.fromEntries(parts.flatMap((part) => [...scalarsOf(part)])) };
}

/**
 * Puts a snapshot into an optimizer.
 * @throws SnapshotMismatch, and then nothing has changed
 */
export function putSnapshot(parts: readonly Snapshotted[], snapshot: OptimizerSnapshot): void {
  const shapes = new Map(parts.flatMap(({ states }) => [...states].map(([key, { shape }]) => [key, shape] as const)));
  const scalars = new Set(parts.flatMap((part) => [...scalarsOf(part).keys()]));
  const differences = [
    ...described("it lacks", [...missing(shapes.keys(), snapshot.tensors), ...[...scalars].filter((key) => !(key in snapshot.scalars))]),
    ...described("the optimizer does not keep its", [
      ...missing(snapshot.tensors.keys(), shapes),
      ...Object.keys(snapshot.scalars).filter((key) => !scalars.has(key)),
    ]),
    ...[...snapshot.tensors].flatMap(([key, { shape }]) => {
      const wanted = shapes.get(key);
      return wanted && String(wanted) !== String(shape) ? [`its ${key} has shape [${shape}], the optimizer wants [${wanted}]`] : [];
    }),
  ];
  if (differences.length > 0) throw new SnapshotMismatch(differences);
  for (const { states, memory, names } of parts) {
    for (const [key, old] of states) {
      const saved = snapshot.tensors.get(key);
      if (!saved) continue;
      const over = tf.tensor(saved.values, [...saved.shape], "float32");
      states.set(key, tf.keep(ownCopy(over)));
      tf.dispose([over, old]);
    }
    for (const [key, value] of memory)
      memory.set(
        key,
        typeof value === "number"
          ? (snapshot.scalars[key] ?? value)
          : Float64Array.from(names, (name) => snapshot.scalars[`${key}/${name}`] ?? Number.NaN),
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

function missing(wanted: Iterable<string>, given: ReadonlyMap<string, unknown>): string[] {
  return [...wanted].filter((key) => !given.has(key));
}

/** Keys by their state: one sentence for each, however many parameters there are. */
function described(verb: string, keys: readonly string[]): string[] {
  const byState = new Map<string, string[]>();
  for (const key of keys) {
    const slash = key.indexOf("/");
    const state = slash < 0 ? key : key.slice(0, slash);
    byState.set(state, [...(byState.get(state) ?? []), ...(slash < 0 ? [] : [key.slice(slash + 1)])]);
  }
  return [...byState].map(([state, [first, ...rest]]) => {
    if (first === undefined) return `${verb} ${state}`;
    return `${verb} ${state} of ${first}${rest.length === 0 ? "" : ` and ${rest.length} other ${rest.length === 1 ? "parameter" : "parameters"}`}`;
  });
}
