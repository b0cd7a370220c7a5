import type { ElementSelection, GroupOverride, HyperparameterValue, OptimizerSelection } from "../jobs/trainingJob.js";
import { findOptimizer, optimizers } from "./catalogue.js";
import { type ChainElement, use } from "./chain.js";
import { elements, findElement } from "./elements.js";

/** An optimizer that was chosen: what updates the parameters, with complete hyperparameters. */
export interface ResolvedOptimizer {
  readonly chain: readonly ChainElement[];
  readonly others?: readonly ChainElement[];
  readonly hyperparameters: Readonly<Record<string, HyperparameterValue>>;
  readonly groups: readonly GroupOverride[];
}

/**
 * The chain of an optimizer by name, or the caller's own, with its wrappers.
 * @param selection complete, as `validateOptimizer` returns it
 * @throws RangeError for an unknown name
 */
export function resolveOptimizer({ name, hyperparameters, chain, wrappers = [], groups = [] }: OptimizerSelection): ResolvedOptimizer {
  const around = wrappers.map(chainElement);
  if (chain) return { chain: [...chain.map(chainElement), ...around], hyperparameters, groups };
  const entry = findOptimizer(name);
  if (!entry) throw new RangeError(`"${name}" is not an optimizer; allowed: ${optimizers.map((each) => each.name).join(", ")}`);
  return {
    chain: [...entry.chain, ...around],
    ...(entry.others && { others: [...entry.others, ...around] }),
    hyperparameters,
    groups,
  };
}

function chainElement({ name, hyperparameters }: ElementSelection): ChainElement {
  const element = findElement(name);
  if (!element) throw new RangeError(`"${name}" is not an element; allowed: ${elements.map((each) => each.name).join(", ")}`);
  return use(element, hyperparameters);
}
