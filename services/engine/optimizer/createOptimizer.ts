import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { findOptimizer, optimizers } from "#core/optimizers/catalogue.js";
import { compileProgram } from "#core/optimizers/compileProgram.js";
import { isDecayed } from "#core/optimizers/decayMask.js";
import type { HyperparameterValue } from "#core/jobs/trainingJob.js";
import type { Parameters } from "../parameters.js";
import { runOp, tf } from "../tensorflow.js";
import type { TensorStreams } from "./executor.js";
import { loadKernels } from "./kernels.js";
import { nativeExecutor } from "./nativeExecutor.js";
import { tensorExecutor } from "./tensorExecutor.js";

/** What an optimizer is made of. */
export interface OptimizerOptions {
  /** A name of the catalogue. */
  name: string;
  /** Complete, as `validateOptimizer` returns them. */
  hyperparameters: Record<string, HyperparameterValue>;
  parameters: Parameters;
  /** Left out: native where the kernels are available, else tensor. */
  executor?: "native" | "tensor";
}

/** An optimizer with its state, for one set of parameters. */
export interface EngineOptimizer {
  readonly executor: "native" | "tensor";
  /**
   * Takes one step. It does not dispose the gradients.
   * @param gradients one for each parameter, by its name, of its shape
   * @param scalars the learning rate with the schedule applied; the step, from 1; the clipping factor that gradients are multiplied by
   * @returns the L2 norms of the change of the parameters and of the parameters after it, and the optimizer's own scalars by name
   * @throws RangeError when a parameter has no gradient
   */
  update(
    gradients: ReadonlyMap<string, Tensor>,
    scalars: { learningRate: number; step: number; gradientScale: number },
  ): { updateNorm: number; paramNorm: number; scalars: Record<string, number> };
  /** The state's tensors by `<transform>.<state>/<parameter name>`; they stay the optimizer's, and change with the next update. */
  state(): ReadonlyMap<string, Tensor>;
  dispose(): void;
}

/**
 * Makes an optimizer of the catalogue ready to update these parameters.
 * @throws RangeError for an unknown name, Error when the wanted executor cannot run
 */
export function createOptimizer({ name, hyperparameters, parameters, executor }: OptimizerOptions): EngineOptimizer {
  const entry = findOptimizer(name);
  if (!entry) throw new RangeError(`"${name}" is not an optimizer; allowed: ${optimizers.map((each) => each.name).join(", ")}`);
  const program = compileProgram(entry.chain, hyperparameters);
  const chosen = executor ?? (loadKernels().available ? "native" : "tensor");
  const execute = chosen === "native" ? nativeExecutor(program) : tensorExecutor(program);
  const states = new Map(
    parameters.names.map((parameter) => [parameter, program.states.map(({ initial }) => filled(parameters.get(parameter).shape, initial))]),
  );

  return {
    executor: chosen,
    update(gradients, step) {
      const tensors = parameters.names.map((parameter) => streams(parameter, parameters.get(parameter), gradients, states));
      const { norms, replaced } = execute(tensors, step);
      for (const { name: parameter, parameter: value, states: values } of replaced) {
        parameters.assign(parameter, value);
        tf.dispose(states.get(parameter) ?? []);
        states.set(
          parameter,
          values.map((tensor) => tf.keep(tensor)),
        );
      }
      return { updateNorm: norms.update, paramNorm: norms.parameter, scalars: {} };
    },
    state: () =>
      new Map(
        [...states].flatMap(([parameter, tensors]) =>
          tensors.map((tensor, index) => [`${program.states[index]?.key}/${parameter}`, tensor] as const),
        ),
      ),
    dispose() {
      tf.dispose([...states.values()].flat());
      states.clear();
    },
  };
}

function streams(
  name: string,
  parameter: Tensor,
  gradients: ReadonlyMap<string, Tensor>,
  states: ReadonlyMap<string, readonly Tensor[]>,
): TensorStreams {
  const gradient = gradients.get(name);
  if (!gradient)
    throw new RangeError(`the parameter "${name}" has no gradient; there are gradients of ${[...gradients.keys()].join(", ") || "none"}`);
  const state = states.get(name);
  if (!state) throw new RangeError(`the parameter "${name}" was added after the optimizer was made, or the optimizer is disposed`);
  return { name, parameter, gradient, states: state, scalars: { decayed: isDecayed(name, parameter.shape) ? 1 : 0 } };
}

/** A tensor in memory of its own: TensorFlow's Fill allocates it, no typed array and no other tensor shares it. */
function filled(shape: number[], value: number): Tensor {
  const dimensions = tf.tensor1d(shape, "int32");
  const scalar = tf.scalar(value);
  const tensor = tf.keep(runOp("Fill", [dimensions, scalar], { T: { type: "float32" }, index_type: { type: "int32" } }));
  tf.dispose([dimensions, scalar]);
  return tensor;
}
