import type { OptimizerSelection } from "../jobs/trainingJob.js";
import { composeChain } from "./chain.js";
import { resolveOptimizer } from "./resolveOptimizer.js";

/** Whether an optimizer wants gradients for labels that are drawn from the model's outputs. @param selection complete */
export function drawsLabels(selection: OptimizerSelection): boolean {
  const { chain, others = [], hyperparameters } = resolveOptimizer(selection);
  return [chain, others].some((each) => composeChain(each, hyperparameters).sampledGradientEvery > 0);
}
