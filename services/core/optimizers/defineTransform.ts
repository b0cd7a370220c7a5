import type { HyperparameterValue } from "../jobs/trainingJob.js";
import type { Expression, Scope } from "./expression.js";
import type { Declarations, Values } from "./hyperparameter.js";
import type { StateStart, Summary } from "./streams.js";

/** What a transform's formula is written in. */
export interface UpdateContext<D extends Declarations, S extends string, K extends string> {
  /** What the chain computed so far: the gradient for the first transform. */
  update: Expression;
  /** The step's gradient, clipped, before anything else. */
  gradient: Expression;
  /** The parameter before this step. */
  parameter: Expression;
  state: Readonly<Record<S, Expression>>;
  /** The scalars that it keeps, before this step. */
  remembered: Readonly<Record<K, Expression>>;
  hyper: Values<D>;
}

/** What a transform computes. */
export interface UpdateResult<S extends string, K extends string> {
  update: Expression;
  state?: Readonly<Partial<Record<S, Expression>>>;
  remembered?: Readonly<Partial<Record<K, Expression>>>;
  report?: Report;
}

/** Scalars for the metric points, by name. */
export type Report = Readonly<Record<string, { value: Expression; over: Summary }>>;

interface TransformDefinition<D extends Declarations, S extends string, K extends string> {
  /** Lower-case words joined by underscores; also the first part of its states' keys. */
  name: string;
  /** One line, for the catalogue. */
  description: string;
  hyperparameters: D;
  /** The states, each as large as the parameter, with the value that its elements start with. */
  state?: (hyper: Values<D>) => Readonly<Partial<Record<S, StateStart>>>;
  /** The scalars that it keeps from step to step, with their first value. */
  remembered?: (hyper: Values<D>) => Readonly<Partial<Record<K, { initial: number; scope: Scope }>>>;
  /** Whether its update is ready to be added to the parameter, the learning rate and the sign in it: it then ends a chain. */
  appliesLearningRate?: boolean;
  /** Whether these values make it do nothing: it then costs nothing either. */
  identity?: (hyper: Values<D>) => boolean;
  /** What is wrong with values that are each in range but do not go together. */
  conflict?: (hyper: Values<D>) => Conflict | undefined;
  /** In how many steps it wants one gradient more, for labels that the model drew: it then reads `sampledGradientStream`. */
  sampledGradientEvery?: (hyper: Values<D>) => number;
  update(context: UpdateContext<D, S, K>): UpdateResult<S, K>;
}

/** One element of an optimizer's chain (optax's word): a formula with its own state and hyperparameters. */
export interface Transform {
  readonly kind: "transform";
  readonly name: string;
  readonly description: string;
  readonly hyperparameters: Declarations;
  readonly appliesLearningRate: boolean;
  /** Values are complete and in range: see `validateOptimizer`. */
  state(hyper: HyperparameterValues): Readonly<Record<string, StateStart>>;
  remembered(hyper: HyperparameterValues): Readonly<Record<string, { initial: number; scope: Scope }>>;
  identity(hyper: HyperparameterValues): boolean;
  conflict(hyper: HyperparameterValues): Conflict | undefined;
  /** 0: never. */
  sampledGradientEvery(hyper: HyperparameterValues): number;
  update(context: TransformContext): UpdateResult<string, string>;
}

/** Why two hyperparameters do not go together; the description follows the first one's value, for example "true needs momentum". */
export interface Conflict {
  hyperparameter: string;
  description: string;
}

export type HyperparameterValues = Readonly<Record<string, HyperparameterValue>>;
type TransformContext = Omit<UpdateContext<Declarations, string, string>, "hyper"> & { hyper: HyperparameterValues };

/**
 * Declares a transform: its hyperparameters, its states and its update, once, as the paper's formula. Every executor runs what this says.
 *
 * @example
 * export const scaleBySign = defineTransform({
 *   name: "scale_by_sign",
 *   description: "Keeps the sign of each coordinate only.",
 *   hyperparameters: {},
 *   update: ({ update }) => ({ update: sign(update) }),
 * });
 */
export function defineTransform<D extends Declarations, S extends string = never, K extends string = never>(
  definition: TransformDefinition<D, S, K>,
): Transform {
  const { name, description, hyperparameters } = definition;
  const values = (hyper: HyperparameterValues) => pick(name, hyperparameters, hyper);
  return {
    kind: "transform",
    name,
    description,
    hyperparameters,
    appliesLearningRate: definition.appliesLearningRate ?? false,
    state: (hyper) => defined(definition.state?.(values(hyper))),
    remembered: (hyper) => defined(definition.remembered?.(values(hyper))),
    identity: (hyper) => definition.identity?.(values(hyper)) ?? false,
    conflict: (hyper) => definition.conflict?.(values(hyper)),
    sampledGradientEvery: (hyper) => definition.sampledGradientEvery?.(values(hyper)) ?? 0,
    update: ({ hyper, ...context }) => definition.update({ ...context, hyper: values(hyper) }),
  };
}

/** The entries that are there. */
export function defined<T>(record: Readonly<Partial<Record<string, T>>> | undefined): Readonly<Record<string, T>> {
  return { ...record } as Record<string, T>;
}

/** The values of these declarations, of the right types. @throws TypeError */
export function pick<D extends Declarations>(element: string, declarations: D, hyper: HyperparameterValues): Values<D> {
  const entries = Object.entries(declarations).map(([name, { type }]) => {
    const value = hyper[name];
    if (typeof value !== (type === "boolean" ? "boolean" : type === "text" ? "string" : "number"))
      throw new TypeError(`${element} needs ${name} as a ${type}, got ${JSON.stringify(value)}`);
    return [name, value];
  });
  return Object.fromEntries(entries) as Values<D>;
}
