import { type Conflict, defined, type HyperparameterValues, pick, type Report } from "./defineTransform.js";
import type { Expression, Scope } from "./expression.js";
import type { Declarations, Values } from "./hyperparameter.js";
import type { StateStart } from "./streams.js";

/** What a wrapper's formulas are written in. */
export interface WrapperContext<D extends Declarations, S extends string, K extends string> {
  /** The parameter before this step. */
  parameter: Expression;
  /** What the wrapped chain would add to it. */
  update: Expression;
  /** What the parameter would be after that. */
  updated: Expression;
  state: Readonly<Record<S, Expression>>;
  remembered: Readonly<Record<K, Expression>>;
  hyper: Values<D>;
}

interface WrapperResult<S extends string, K extends string> {
  /** What the parameter becomes instead. */
  parameter: Expression;
  state?: Readonly<Partial<Record<S, Expression>>>;
  remembered?: Readonly<Partial<Record<K, Expression>>>;
  report?: Report;
}

interface WrapperDefinition<D extends Declarations, S extends string, K extends string> {
  name: string;
  /** One line, for the catalogue. */
  description: string;
  hyperparameters: D;
  state?: (hyper: Values<D>) => Readonly<Partial<Record<S, StateStart>>>;
  remembered?: (hyper: Values<D>) => Readonly<Partial<Record<K, { initial: number; scope: Scope }>>>;
  identity?: (hyper: Values<D>) => boolean;
  conflict?: (hyper: Values<D>) => Conflict | undefined;
  /** What happens after the wrapped chain's step. Left out: nothing. */
  after?(context: WrapperContext<D, S, K>): WrapperResult<S, K>;
  /** Where the model is evaluated and saved, from the parameter and the states after the step. Left out: at the parameter. */
  evaluationPoint?(context: Omit<WrapperContext<D, S, K>, "update" | "updated">): Expression;
  /** Where the step's gradient is taken, from the gradient at the parameter. Left out: at the parameter. */
  gradientPoint?(context: { parameter: Expression; gradient: Expression; hyper: Values<D> }): Expression;
}

/** An element of a chain that works around all transforms before it. */
export interface Wrapper {
  readonly kind: "wrapper";
  readonly name: string;
  readonly description: string;
  readonly hyperparameters: Declarations;
  readonly movesEvaluation: boolean;
  readonly movesGradient: boolean;
  state(hyper: HyperparameterValues): Readonly<Record<string, StateStart>>;
  remembered(hyper: HyperparameterValues): Readonly<Record<string, { initial: number; scope: Scope }>>;
  identity(hyper: HyperparameterValues): boolean;
  conflict(hyper: HyperparameterValues): Conflict | undefined;
  after(context: AnyContext): WrapperResult<string, string>;
  evaluationPoint(context: Omit<AnyContext, "update" | "updated">): Expression;
  gradientPoint(context: { parameter: Expression; gradient: Expression; hyper: HyperparameterValues }): Expression;
}

type AnyContext = Omit<WrapperContext<Declarations, string, string>, "hyper"> & { hyper: HyperparameterValues };

/** Declares a wrapper: what it does after each step of the chain, where it evaluates the model, where it takes the gradient. */
export function defineWrapper<D extends Declarations, S extends string = never, K extends string = never>(
  definition: WrapperDefinition<D, S, K>,
): Wrapper {
  const { name, description, hyperparameters } = definition;
  const values = (hyper: HyperparameterValues) => pick(name, hyperparameters, hyper);
  return {
    kind: "wrapper",
    name,
    description,
    hyperparameters,
    movesEvaluation: definition.evaluationPoint !== undefined,
    movesGradient: definition.gradientPoint !== undefined,
    state: (hyper) => defined(definition.state?.(values(hyper))),
    remembered: (hyper) => defined(definition.remembered?.(values(hyper))),
    identity: (hyper) => definition.identity?.(values(hyper)) ?? false,
    conflict: (hyper) => definition.conflict?.(values(hyper)),
    after: ({ hyper, ...context }) => definition.after?.({ ...context, hyper: values(hyper) }) ?? { parameter: context.updated },
    evaluationPoint: ({ hyper, ...context }) => definition.evaluationPoint?.({ ...context, hyper: values(hyper) }) ?? context.parameter,
    gradientPoint: ({ hyper, ...context }) => definition.gradientPoint?.({ ...context, hyper: values(hyper) }) ?? context.parameter,
  };
}
