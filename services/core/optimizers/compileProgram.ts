import { allocatePlaces } from "./allocatePlaces.js";
import { type ChainElement, composeChain } from "./chain.js";
import type { HyperparameterValues } from "./defineTransform.js";
import { gradientStream, parameterStream } from "./expression.js";
import { lowerExpressions } from "./lowerExpressions.js";
import { parameterPlace, type Program } from "./program.js";
import { simplify } from "./simplify.js";

/**
 * Compiles a chain into one linear vector program. It depends on the hyperparameters; what changes from step to step (learning rate, bias
 * corrections, clipping) and from tensor to tensor (decay mask) are its scalars.
 * @param hyperparameters complete, as `validateOptimizer` returns them
 * @throws Error for a chain that no program can express: a defect of a transform, not of its values
 */
export function compileProgram(chain: readonly ChainElement[], hyperparameters: HyperparameterValues): Program {
  const formulas = composeChain(chain, hyperparameters);
  const streams = [parameterStream, gradientStream, ...formulas.states.map(({ key }) => key)];
  const parameter = simplify(formulas.parameter);
  const results = [...formulas.states.map(({ next }) => simplify(next)), parameter];
  const lowered = lowerExpressions(streams, results, [simplify(formulas.update), parameter]);
  const finals = new Map(lowered.results.map((value, index) => [index === formulas.states.length ? parameterPlace : index + 2, value]));
  return {
    states: formulas.states.map(({ key, initial }) => ({ key, initial })),
    ...allocatePlaces(lowered.instructions, streams.length, finals),
    scalars: lowered.scalars,
    reductions: ["update", "parameter"],
  };
}
