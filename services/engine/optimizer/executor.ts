import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { StepScalars, TensorScalars } from "#core/optimizers/evaluateScalars.js";

/** One parameter with what its update needs; all tensors have the parameter's shape, float32. */
export interface TensorStreams {
  readonly name: string;
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  /** In the order of the program's states. */
  readonly states: readonly Tensor[];
  readonly scalars: TensorScalars;
}

/** The L2 norms, over all tensors, of what was added to the parameters and of the parameters after that. */
export interface StepNorms {
  readonly update: number;
  readonly parameter: number;
}

/** New tensors to put in the place of a parameter and its states, which their owner must take. */
export interface ReplacedStreams {
  readonly name: string;
  readonly parameter: Tensor;
  readonly states: readonly Tensor[];
}

/** Runs one step of a program over all tensors. `replaced` is empty when it wrote into the tensors in place. */
export type Executor = (tensors: readonly TensorStreams[], step: StepScalars) => { norms: StepNorms; replaced: readonly ReplacedStreams[] };

/** The norm of all tensors from the norm of each. */
export function totalNorm(norms: Iterable<number>): number {
  let sum = 0;
  for (const norm of norms) sum += norm * norm;
  return Math.sqrt(sum);
}

/** Tensors with equal scalars share one row of scalar slots. */
export function scalarGroups(tensors: readonly TensorStreams[]): { groups: TensorScalars[]; groupOf: number[] } {
  const groups: TensorScalars[] = [];
  const keys = new Map<string, number>();
  const groupOf = tensors.map(({ scalars }) => {
    const key = JSON.stringify(scalars);
    let group = keys.get(key);
    if (group === undefined) {
      group = groups.push(scalars) - 1;
      keys.set(key, group);
    }
    return group;
  });
  return { groups, groupOf };
}
