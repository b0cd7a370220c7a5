import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { compileChain, gradientPointOf } from "#core/optimizers/compileChain.js";
import { parameterGroups } from "#core/optimizers/parameterGroups.js";
import { partitionParameters } from "#core/optimizers/partitionParameters.js";
import type { ResolvedOptimizer } from "#core/optimizers/resolveOptimizer.js";
import { type StateLayout, stateLayout } from "#core/optimizers/stateLayout.js";
import type { Parameters } from "../parameters.js";
import { tf } from "../tensorflow.js";
import { chainOptimizer, type Gradients } from "./chainOptimizer.js";
import { loadKernels } from "../kernels.js";
import { nativeExecutor } from "./nativeExecutor.js";
import { type KeptState, type OptimizerSnapshot, putState, type RememberedScalars, takeScalars, takeTensors } from "./optimizerSnapshot.js";
import { tensorExecutor } from "./tensorExecutor.js";

/**
 * What runs an optimizer's programs: the kernel, by fused programs where there are some (`native`), by nothing else (`fused`) or by the block
 * machine only (`interpreted`); or TensorFlow's operations (`tensor`).
 */
export type Executor = "native" | "fused" | "interpreted" | "tensor";

/** What an optimizer is made of. */
export interface OptimizerOptions {
  optimizer: ResolvedOptimizer;
  parameters: Parameters;
  /** Left out: native where the kernels are available, else tensor. */
  executor?: Executor;
}

/**
 * What the training loop knows of a step: the learning rate with the schedule applied; the clipping factor; and which update it is, from 1. A step
 * that was skipped is no update: means that are corrected for their start would be corrected for numbers that they never saw.
 */
export interface StepInput {
  learningRate: number;
  step: number;
  gradientScale: number;
}

/** An optimizer with its state, for one set of parameters. */
export interface EngineOptimizer {
  readonly executor: Executor;
  /** Names of the parameters that it updates: all but those that groups freeze. */
  readonly names: readonly string[];
  /** Whether the gradient of a step is taken beside the parameters: see `atGradientPoint`. */
  readonly movesGradient: boolean;
  /** Updates that were taken so far. */
  readonly updates: number;
  /** Whether this update wants a gradient for labels that the model drew. */
  wantsSampledGradient(update: number): boolean;
  /**
   * Takes one step. It does not dispose the gradients.
   * @param gradients one for each parameter, by its name, of its shape
   * @param sampled likewise for labels that the model drew, times the root of the number of examples; in the steps that want them
   * @returns the L2 norms of the change of the parameters and of the parameters after it, and the optimizer's own scalars by name
   * @throws RangeError when a parameter has no gradient
   */
  update(
    gradients: Gradients,
    step: StepInput,
    sampled?: Gradients,
  ): { updateNorm: number; paramNorm: number; scalars: Record<string, number> };
  /** Runs `work` while the parameters are those that the model is evaluated and saved with. */
  atEvaluationPoint<T>(work: () => Promise<T>): Promise<T>;
  /** Runs `work` while the parameters are those where the step's gradient is taken, given the gradient at the parameters. */
  atGradientPoint<T>(gradients: Gradients, step: StepInput, work: () => Promise<T>): Promise<T>;
  /** The state's tensors by `<element>.<state>/<parameter name>`; they stay the optimizer's, and change with the next update. */
  state(): ReadonlyMap<string, Tensor>;
  /** What has to be saved so that training can go on. */
  readonly layout: StateLayout;
  /** The numbers that it keeps from step to step. */
  remembered(): RememberedScalars;
  /** Everything that it keeps from step to step. */
  snapshot(): OptimizerSnapshot;
  /**
   * Goes on from a snapshot, or a state that was kept elsewhere, as if it had never stopped. Its tensors are asked for and put in one after another.
   * @throws SnapshotMismatch when it is another optimizer's or another model's, and nothing has changed then; what reading a tensor throws, and
   *   then the optimizer is of no use
   */
  restore(kept: KeptState): Promise<void>;
  dispose(): void;
}

/**
 * Makes an optimizer ready to update these parameters.
 * @throws Error when the wanted executor cannot run
 */
export function createOptimizer({ optimizer, parameters, executor }: OptimizerOptions): EngineOptimizer {
  const { hyperparameters } = optimizer;
  const chosen = executor ?? (loadKernels().available ? "native" : "tensor");
  const runStage = chosen === "tensor" ? tensorExecutor() : nativeExecutor(chosen === "native" ? "any" : chosen);
  const described = parameters.names.map((parameter) => ({ name: parameter, shape: parameters.get(parameter).shape }));
  const scalars = parameterGroups(described, optimizer.groups);
  const parts = partitionParameters(
    optimizer,
    described.map((each, index) => ({ ...each, index })),
  ).map((partition) => {
    const chain = compileChain(partition.chain, hyperparameters);
    const names = partition.parameters.map((parameter) => parameter.name);
    const own = partition.parameters.flatMap(({ index }) => scalars[index] ?? []);
    return { chain, names, own, optimizer: chainOptimizer(chain, runStage, parameters, names, own) };
  });
  const names = parts.flatMap((part) => part.names);
  // The ball around the parameters is one for all of them, whatever chain updates them.
  const [mover] = parts.flatMap(({ chain }) => (chain.gradientPoint ? [gradientPointOf(chain)] : []));
  const moves =
    mover &&
    chainOptimizer(
      mover,
      runStage,
      parameters,
      names,
      parts.flatMap(({ own }) => own),
    );
  const baseLearningRate = Number(hyperparameters["learning_rate"]);
  const before = { learningRate: baseLearningRate, baseLearningRate, step: 0, gradientScale: 1 };
  let last = before;
  const state = () => new Map(parts.flatMap(({ optimizer }) => [...optimizer.states]));
  const snapshotted = parts.map(({ optimizer: part }) => part);
  const remembered = (): RememberedScalars => {
    const { baseLearningRate: _, ...lastStep } = last;
    return { scalars: takeScalars(snapshotted), ...(last !== before && { lastStep }) };
  };

  return {
    executor: chosen,
    names,
    movesGradient: moves !== undefined,
    get updates() {
      return last.step;
    },
    wantsSampledGradient: (update) => parts.some(({ chain }) => isDue(update, chain.sampledGradientEvery)),
    update(gradients, step, sampled) {
      last = { ...step, baseLearningRate };
      const reports = parts.map(({ optimizer: part }) => part.update(gradients, last, sampled));
      return {
        updateNorm: Math.hypot(...reports.map(({ updateNorm }) => updateNorm)),
        paramNorm: Math.hypot(...reports.map(({ paramNorm }) => paramNorm)),
        scalars: Object.assign({}, ...reports.map((report) => report.scalars)) as Record<string, number>,
      };
    },
    async atEvaluationPoint(work) {
      // An average of no weights is none.
      if (last === before) return await work();
      const restore = displace(
        parameters,
        parts.map(({ optimizer: part }) => part.evaluationPoint(last)),
      );
      try {
        return await work();
      } finally {
        restore();
      }
    },
    async atGradientPoint(gradients, step, work) {
      const restore = displace(parameters, [moves?.gradientPoint(gradients, { ...step, baseLearningRate })]);
      try {
        return await work();
      } finally {
        restore();
      }
    },
    state,
    layout: stateLayout(optimizer, described),
    remembered,
    snapshot: () => ({ tensors: takeTensors(snapshotted), ...remembered() }),
    async restore(kept) {
      await putState(snapshotted, kept);
      last = kept.lastStep ? { ...kept.lastStep, baseLearningRate } : before;
    },
    dispose() {
      tf.dispose([...state().values()]);
      for (const { optimizer } of parts) optimizer.states.clear();
    },
  };
}

/** The first update, and each one `every` updates after it. */
function isDue(update: number, every: number): boolean {
  return every > 0 && (update - 1) % every === 0;
}

/** Puts these tensors in the place of the parameters. @returns what puts the parameters back, bit for bit */
function displace(parameters: Parameters, points: readonly (Map<string, Tensor> | undefined)[]): () => void {
  const kept = points.flatMap((point) => [...(point ?? [])].map(([name, tensor]) => [name, parameters.exchange(name, tensor)] as const));
  return () => {
    for (const [name, tensor] of kept) parameters.assign(name, tensor);
  };
}
