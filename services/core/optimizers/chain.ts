import type { HyperparameterValues, Transform } from "./defineTransform.js";
import {
  add,
  decayed,
  type Expression,
  gradientScale,
  gradientStream,
  learningRate,
  mul,
  parameterStream,
  step,
  stream,
} from "./expression.js";

/** A transform in a chain; `fixed` are hyperparameters that the preset decides and its user does not see. */
export interface ChainElement {
  readonly transform: Transform;
  readonly fixed: HyperparameterValues;
}

/** Puts a transform into a chain. */
export function use(transform: Transform, fixed: HyperparameterValues = {}): ChainElement {
  return { transform, fixed };
}

/** A state of an optimizer: one tensor as large as the parameter, for each parameter. */
export interface StateStream {
  /** `<transform>.<state>`, for example `scale_by_adam.m`: what a checkpoint calls it. */
  readonly key: string;
  /** What its elements start with. */
  readonly initial: number;
}

/** A chain's formulas in terms of the streams before the step. */
export interface ChainFormulas {
  /** What is added to the parameter. */
  readonly update: Expression;
  readonly parameter: Expression;
  readonly states: readonly (StateStream & { readonly next: Expression })[];
}

/** The transforms that do something with these values, in order. */
export function activeElements(chain: readonly ChainElement[], hyperparameters: HyperparameterValues): ChainElement[] {
  return chain.filter(({ transform, fixed }) => !transform.identity({ ...hyperparameters, ...fixed }));
}

/**
 * Composes a chain: each transform's update is the next one's input, the first one's is the gradient times the clipping factor.
 * @param hyperparameters complete, as `validateOptimizer` returns them
 */
export function composeChain(chain: readonly ChainElement[], hyperparameters: HyperparameterValues): ChainFormulas {
  const parameter = stream(parameterStream);
  const states: (StateStream & { next: Expression })[] = [];
  let update: Expression = mul(gradientScale, stream(gradientStream));
  for (const { transform, fixed } of activeElements(chain, hyperparameters)) {
    const hyper = { ...hyperparameters, ...fixed };
    const key = (state: string) => `${transform.name}.${state}`;
    const declared = Object.entries(transform.state(hyper));
    const state = Object.fromEntries(declared.map(([name]) => [name, stream(key(name))]));
    const next = transform.update({ update, parameter, state, hyper, step, learningRate, decayed });
    for (const [name, initial] of declared) {
      const formula = next.state[name];
      if (!formula) throw new Error(`${transform.name} declares the state "${name}" and does not update it`);
      if (states.some((other) => other.key === key(name)))
        throw new Error(`a chain has "${transform.name}" twice: their states would share a name`);
      states.push({ key: key(name), initial, next: formula });
    }
    ({ update } = next);
  }
  return { update, parameter: add(parameter, update), states };
}
