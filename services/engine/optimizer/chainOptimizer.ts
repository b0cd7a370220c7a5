import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import { handoffStream, type MatrixSegment } from "#core/optimizers/chain.js";
import { type CompiledChain, displacedStream, type ProgramSegment } from "#core/optimizers/compileChain.js";
import { type MatrixScalars, type MatrixState, matrixShape } from "#core/optimizers/defineMatrixTransform.js";
import type { StepScalars, TensorScalars } from "#core/optimizers/evaluateScalar.js";
import { gradientStream, parameterStream, sampledGradientStream } from "#core/optimizers/expression.js";
import { recordedParameter, recordUpdate } from "#core/optimizers/recordUpdate.js";
import { type ChainBackend, initialMemory, runChain, runSegment, type ScalarMemory, type StepReport } from "#core/optimizers/runChain.js";
import { type Gradient, RowGradient } from "../gradient.js";
import type { Parameters } from "../parameters.js";
import { runOp, tf } from "../tensorflow.js";
import type { StageRunner, StreamTable } from "./executor.js";
import { computeMatrices } from "./computeMatrices.js";
import { ownCopy } from "./tensorAlgebra.js";

/** Gradients by parameter name. */
export type Gradients = ReadonlyMap<string, Gradient>;

/** One chain with its states, for the parameters that it updates. */
export interface ChainOptimizer {
  update(gradients: Gradients, step: StepScalars, sampled?: Gradients): StepReport;
  /** New tensors of the caller: the point where the model is evaluated; `undefined` where that is the parameter. */
  evaluationPoint(step: StepScalars): Map<string, Tensor> | undefined;
  /** New tensors of the caller: where this step's gradient is taken; `undefined` where that is the parameter. */
  gradientPoint(gradients: Gradients, step: StepScalars): Map<string, Tensor> | undefined;
  readonly names: readonly string[];
  /** By `<element>.<state>/<parameter>`; the tensors stay the optimizer's, and change with the next update. */
  readonly states: Map<string, Tensor>;
  readonly memory: ScalarMemory;
}

/**
 * @param names the parameters that the chain updates, in an order that does not change
 * @param groups each one's scalars, in the same order
 */
export function chainOptimizer(
  chain: CompiledChain,
  runStage: StageRunner,
  parameters: Parameters,
  names: readonly string[],
  groups: readonly TensorScalars[],
): ChainOptimizer {
  const states = new Map<string, Tensor>();
  for (const name of names) {
    const parameter = parameters.get(name);
    for (const { key, initial } of chain.states)
      states.set(`${key}/${name}`, tf.keep(initial === "parameter" ? ownCopy(parameter) : filled(parameter.shape, initial)));
    for (const segment of chain.segments)
      if (segment.kind === "matrix")
        for (const [key, { rows, columns, initial }] of matrixStates(segment, parameter.shape))
          states.set(`${segment.name}.${key}/${name}`, tf.keep(filled([rows, columns], initial)));
  }
  const memory = initialMemory(chain, names.length);
  /** What is there during a step only. */
  const passing = new Map<string, Tensor>();
  const passingRows = new Map<string, RowGradient>();
  /** Those of its rows that were made whole, which belong to the step. */
  const whole = new Map<string, Tensor>();
  const endStep = () => {
    tf.dispose([...whole.values()]);
    for (const each of [passing, passingRows, whole]) each.clear();
  };

  const table: StreamTable = {
    names,
    get(parameter, stream) {
      const name = names[parameter] ?? "";
      if (stream === parameterStream) return parameters.get(name);
      const key = `${stream}/${name}`;
      const tensor = states.get(key) ?? passing.get(key) ?? whole.get(key);
      if (tensor) return tensor;
      const made = passingRows.get(key)?.dense();
      if (!made) throw new RangeError(`the parameter "${name}" has no ${stream}`);
      whole.set(key, tf.keep(made));
      return made;
    },
    rows: (parameter, stream) => passingRows.get(`${stream}/${names[parameter] ?? ""}`),
    assign(parameter, stream, value) {
      const name = names[parameter] ?? "";
      if (stream === parameterStream) return parameters.assign(name, value);
      const key = `${stream}/${name}`;
      const holder = states.has(key) ? states : passing;
      const old = holder.get(key);
      if (old !== value) old?.dispose();
      holder.set(key, tf.keep(value));
    },
  };
  const backend: ChainBackend = {
    runStage: (stage, scalars) => runStage(stage, scalars, table),
    runMatrix: (segment, scalars) => scalars.forEach((own, index) => runMatrix(segment, table, index, own)),
  };
  const give = (stream: string, gradients: Gradients) => {
    for (const name of names) {
      const gradient = gradients.get(name);
      if (!gradient)
        throw new RangeError(`the parameter "${name}" has no ${stream}; there are those of ${[...gradients.keys()].join(", ") || "none"}`);
      if (gradient instanceof RowGradient) passingRows.set(`${stream}/${name}`, gradient);
      else passing.set(`${stream}/${name}`, gradient);
    }
  };
  const make = (stream: string) => {
    for (const name of names) passing.set(`${stream}/${name}`, tf.keep(filled(parameters.get(name).shape, 0)));
  };
  const displaced = (segment: ProgramSegment, step: StepScalars) => {
    make(displacedStream);
    const made = () => names.map((name, parameter) => [name, table.get(parameter, displacedStream)] as const);
    try {
      runSegment(segment, backend, memory, step, groups);
      return new Map(made());
    } catch (error) {
      tf.dispose(made().map(([, tensor]) => tensor));
      throw error;
    } finally {
      endStep();
    }
  };

  return {
    update(gradients, step, sampled) {
      const handsOff = chain.streams.includes(handoffStream);
      try {
        give(gradientStream, gradients);
        if (sampled) give(sampledGradientStream, sampled);
        if (handsOff) make(handoffStream);
        return runChain(chain, backend, memory, step, groups);
      } finally {
        if (handsOff) tf.dispose([...passing].filter(([key]) => key.startsWith(`${handoffStream}/`)).map(([, tensor]) => tensor));
        endStep();
      }
    },
    evaluationPoint: (step) => chain.evaluationPoint && displaced(chain.evaluationPoint, step),
    gradientPoint(gradients, step) {
      if (!chain.gradientPoint) return undefined;
      give(gradientStream, gradients);
      return displaced(chain.gradientPoint, step);
    },
    names,
    states,
    memory,
  };
}

function matrixStates({ transform, hyper }: MatrixSegment, shape: readonly number[]): [string, MatrixState][] {
  return Object.entries(transform.state(matrixShape(shape), hyper));
}

function runMatrix(segment: MatrixSegment, table: StreamTable, index: number, scalars: MatrixScalars): void {
  const parameter = table.get(index, parameterStream);
  const shape = matrixShape(parameter.shape);
  const whole = (tensor: Tensor) => tensor.reshape([shape.rows, shape.columns]);
  const streams = matrixStates(segment, parameter.shape).map(([key]) => `${segment.name}.${key}`);
  const next = tf.tidy(() => {
    const handoff = table.get(index, handoffStream);
    const given = [whole(handoff), whole(parameter), ...streams.map((stream) => table.get(index, stream))];
    handoff.dispose();
    const [update, ...states] = computeMatrices(recordUpdate(segment, shape, scalars), given, new Set([recordedParameter]));
    return update ? [update.reshape(parameter.shape), ...states] : [];
  });
  [handoffStream, ...streams].forEach((stream, at) => {
    const tensor = next[at];
    if (tensor) table.assign(index, stream, tensor);
  });
}

/** A tensor in memory of its own: TensorFlow's Fill allocates it, no typed array and no other tensor shares it. */
function filled(shape: readonly number[], value: number): Tensor {
  const dimensions = tf.tensor1d([...shape], "int32");
  const scalar = tf.scalar(value);
  const tensor = runOp("Fill", [dimensions, scalar], { T: { type: "float32" }, index_type: { type: "int32" } });
  tf.dispose([dimensions, scalar]);
  return tensor;
}
