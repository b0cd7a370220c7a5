import type { HyperparameterValue } from "../jobs/trainingJob.js";
import type { Expression } from "./expression.js";
import type { Declarations, Values } from "./hyperparameter.js";

/** What a transform's formula is written in. */
export interface UpdateContext<D extends Declarations, S extends string> {
  /** What the chain computed so far: the gradient for the first transform. */
  update: Expression;
  /** The parameter before this step. */
  parameter: Expression;
  state: Readonly<Record<S, Expression>>;
  hyper: Values<D>;
  /** The number of this step, from 1. */
  step: Expression;
  /** With the schedule applied. */
  learningRate: Expression;
  /** 1 where weight decay applies, 0 where the mask excludes the tensor. */
  decayed: Expression;
}

interface TransformDefinition<D extends Declarations, S extends string> {
  /** Lower-case words joined by underscores; also the first part of its states' keys. */
  name: string;
  hyperparameters: D;
  /** The states, each as large as the parameter, with the value that its elements start with. */
  state?: (hyper: Values<D>) => Readonly<Partial<Record<S, number>>>;
  /** Whether these values make it do nothing: it then costs nothing either. */
  identity?: (hyper: Values<D>) => boolean;
  /** What is wrong with values that are each in range but do not go together. */
  conflict?: (hyper: Values<D>) => Conflict | undefined;
  update(context: UpdateContext<D, S>): { update: Expression; state?: Readonly<Partial<Record<S, Expression>>> };
}

/** One element of an optimizer's chain (optax's word): a formula with its own state and hyperparameters. */
export interface Transform {
  readonly name: string;
  readonly hyperparameters: Declarations;
  /** Values are complete and in range: see `validateOptimizer`. */
  state(hyper: HyperparameterValues): Readonly<Record<string, number>>;
  identity(hyper: HyperparameterValues): boolean;
  conflict(hyper: HyperparameterValues): Conflict | undefined;
  update(context: TransformContext): { update: Expression; state: Readonly<Record<string, Expression>> };
}

/** Why two hyperparameters do not go together; the description follows the first one's value, for example "true needs momentum". */
export interface Conflict {
  hyperparameter: string;
  description: string;
}

export type HyperparameterValues = Readonly<Record<string, HyperparameterValue>>;
export type TransformContext = Omit<UpdateContext<Declarations, string>, "hyper"> & { hyper: HyperparameterValues };

/**
 * Declares a transform: its hyperparameters, its states and its update, once, as the paper's formula. Every executor runs what this says.
 *
 * @example
 * export const scaleBySign = defineTransform({
 *   name: "scale_by_sign",
 *   hyperparameters: {},
 *   update: ({ update }) => ({ update: sign(update) }),
 * });
 */
export function defineTransform<D extends Declarations, S extends string = never>(definition: TransformDefinition<D, S>): Transform {
  const { name, hyperparameters } = definition;
  const values = (hyper: HyperparameterValues) => pick(name, hyperparameters, hyper);
  return {
    name,
    hyperparameters,
    state: (hyper) => ({ ...definition.state?.(values(hyper)) }),
    identity: (hyper) => definition.identity?.(values(hyper)) ?? false,
    conflict: (hyper) => definition.conflict?.(values(hyper)),
    update: ({ hyper, ...context }) => {
      const { update, state } = definition.update({ ...context, hyper: values(hyper) });
      return { update, state: { ...state } };
    },
  };
}

function pick<D extends Declarations>(transform: string, declarations: D, hyper: HyperparameterValues): Values<D> {
  const entries = Object.entries(declarations).map(([name, { type }]) => {
    const value = hyper[name];
    if (typeof value !== (type === "boolean" ? "boolean" : "number"))
      throw new TypeError(`${transform} needs ${name} as a ${type}, got ${JSON.stringify(value)}`);
    return [name, value];
  });
  return Object.fromEntries(entries) as Values<D>;
}
