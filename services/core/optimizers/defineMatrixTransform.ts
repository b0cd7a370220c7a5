import { type Conflict, defined, type HyperparameterValues, pick } from "./defineTransform.js";
import type { Declarations, Values } from "./hyperparameter.js";
import type { MatrixAlgebra } from "./matrixAlgebra.js";

/** What the host knows when a whole-tensor transform runs on a parameter. */
export interface MatrixScalars {
  /** The number of the step, from 1. */
  step: number;
  /** With the schedule and the parameter group's factor applied. */
  learningRate: number;
  /** 1 where weight decay applies, 0 where the mask excludes the parameter. */
  decayed: number;
}

/** What a whole-tensor transform computes with; a vector parameter is a column. */
export interface MatrixContext<M, D extends Declarations, S extends string> extends MatrixScalars {
  algebra: MatrixAlgebra<M>;
  /** What the chain computed so far. */
  update: M;
  /** The parameter before this step. */
  parameter: M;
  state: Readonly<Record<S, M>>;
  hyper: Values<D>;
}

/** A parameter's shape as a whole-tensor transform sees it. */
export interface MatrixShape {
  rows: number;
  columns: number;
  /** Whether the parameter has one axis, or none. */
  isVector: boolean;
}

/** A state of a whole-tensor transform: its shape and what its elements start with. */
export interface MatrixState {
  rows: number;
  columns: number;
  initial: number;
}

interface MatrixTransformDefinition<D extends Declarations, S extends string> {
  name: string;
  description: string;
  hyperparameters: D;
  state?: (shape: MatrixShape, hyper: Values<D>) => Readonly<Partial<Record<S, MatrixState>>>;
  /** Whether its update is ready to be added to the parameter, the learning rate and the sign in it: it then ends a chain. */
  appliesLearningRate?: boolean;
  conflict?: (hyper: Values<D>) => Conflict | undefined;
  identity?: (hyper: Values<D>) => boolean;
  update<M>(context: MatrixContext<M, D, S>, shape: MatrixShape): { update: M; state?: Readonly<Partial<Record<S, M>>> };
}

/** An element of a chain that needs a parameter's rows and columns: its formula is written once, in an algebra of matrices. */
export interface MatrixTransform {
  readonly kind: "matrix";
  readonly name: string;
  readonly description: string;
  readonly hyperparameters: Declarations;
  readonly appliesLearningRate: boolean;
  state(shape: MatrixShape, hyper: HyperparameterValues): Readonly<Record<string, MatrixState>>;
  conflict(hyper: HyperparameterValues): Conflict | undefined;
  identity(hyper: HyperparameterValues): boolean;
  update<M>(
    context: Omit<MatrixContext<M, Declarations, string>, "hyper"> & { hyper: HyperparameterValues },
    shape: MatrixShape,
  ): { update: M; state: Readonly<Record<string, M>> };
}

/** Declares a whole-tensor transform. */
export function defineMatrixTransform<D extends Declarations, S extends string = never>(
  definition: MatrixTransformDefinition<D, S>,
): MatrixTransform {
  const { name, description, hyperparameters } = definition;
  const values = (hyper: HyperparameterValues) => pick(name, hyperparameters, hyper);
  return {
    kind: "matrix",
    name,
    description,
    hyperparameters,
    appliesLearningRate: definition.appliesLearningRate ?? false,
    state: (shape, hyper) => defined(definition.state?.(shape, values(hyper))),
    conflict: (hyper) => definition.conflict?.(values(hyper)),
    identity: (hyper) => definition.identity?.(values(hyper)) ?? false,
    update: <M>(
      { hyper, ...context }: Omit<MatrixContext<M, Declarations, string>, "hyper"> & { hyper: HyperparameterValues },
      shape: MatrixShape,
    ) => {
      const { update, state } = definition.update<M>({ ...context, hyper: values(hyper) }, shape);
      return { update, state: defined<M>(state) };
    },
  };
}

/** A parameter's shape as rows and columns: higher axes are columns, a vector is one column. */
export function matrixShape(shape: readonly number[]): MatrixShape {
  const [rows = 1, ...rest] = shape;
  return { rows, columns: rest.reduce((product, axis) => product * axis, 1), isVector: shape.length < 2 };
}
