import { type ComposedChain, composeChain } from "../optimizers/chain.js";
import { matrixShape } from "../optimizers/defineMatrixTransform.js";
import type { ParameterDescription } from "../optimizers/parameterGroups.js";
import { partitionParameters } from "../optimizers/partitionParameters.js";
import { mostNumbers } from "../optimizers/recordMatrices.js";
import { recordedParameter, recordUpdate } from "../optimizers/recordUpdate.js";
import type { ResolvedOptimizer } from "../optimizers/resolveOptimizer.js";
import { parameterKey, stateLayout } from "../optimizers/stateLayout.js";

/** Numbers that an optimizer keeps besides parameters and gradients. */
export interface OptimizerMemory {
  /** From step to step. */
  readonly state: number;
  /** Of these what whole-tensor transforms put into other memory at each step; what others keep is written in place. */
  readonly moving: number;
  /** While it updates the parameters: what whole-tensor transforms hand over and compute. */
  readonly updating: number;
  /** While a gradient is taken beside the parameters: these. */
  readonly besideGradient: number;
  /** While the model is evaluated beside the parameters: these. */
  readonly besideEvaluation: number;
  /** Whether a step takes gradients for labels that the model drew and keeps them beside its own. */
  readonly drawsLabels: boolean;
}

/** What this optimizer keeps for these parameters, as the engine's executors do (`engine/optimizer/chainOptimizer.ts`). */
export function optimizerMemory(optimizer: ResolvedOptimizer, parameters: readonly ParameterDescription[]): OptimizerMemory {
  const partitions = partitionParameters(optimizer, parameters).map((partition): Part => ({
    chain: composeChain(partition.chain, optimizer.hyperparameters),
    parameters: partition.parameters,
  }));
  const { tensors } = stateLayout(optimizer, parameters);
  const all = sum([...tensors.values()].map(size));
  const besideEvaluation = sum(parameters.map(({ name }) => size(tensors.get(parameterKey(name)) ?? [0])));
  const trained = sum(partitions.flatMap((partition) => partition.parameters.map(({ shape }) => size(shape))));
  return {
    state: all - besideEvaluation,
    moving: sum(partitions.map(moving)),
    updating: Math.max(0, ...partitions.map(updating)),
    besideGradient: partitions.some(({ chain }) => chain.gradientPoint) ? trained : 0,
    besideEvaluation,
    drawsLabels: partitions.some(({ chain }) => chain.sampledGradientEvery > 0),
  };
}

/** A chain with the parameters that it updates. */
interface Part {
  readonly chain: ComposedChain;
  readonly parameters: readonly ParameterDescription[];
}

function moving({ chain, parameters }: Part): number {
  const states = chain.segments.flatMap((segment) =>
    segment.kind === "matrix"
      ? parameters.flatMap(({ shape }) => Object.values(segment.transform.state(matrixShape(shape), segment.hyper)))
      : [],
  );
  return sum(states.map(({ rows, columns }) => rows * columns));
}

/** One chain after the other, one parameter after the other: what is handed over for all, and the most that one computation takes. */
function updating({ chain, parameters }: Part): number {
  if (!chain.handsOff) return 0;
  const shapes = new Map(parameters.map(({ shape }) => [String(shape), shape]));
  const most = chain.segments.flatMap((segment) =>
    segment.kind === "matrix"
      ? [...shapes.values()].flatMap((shape) =>
          steps.map((step) =>
            mostNumbers(recordUpdate(segment, matrixShape(shape), { step, learningRate: 1, decayed: 1 }), new Set([recordedParameter])),
          ),
        )
      : [],
  );
  return sum(parameters.map(({ shape }) => size(shape))) + Math.max(0, ...most);
}

/** Transforms begin differently, and some do now and then what they do not do in each step. */
const steps = Array.from({ length: 12 }, (_, index) => index + 1);

function size(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
