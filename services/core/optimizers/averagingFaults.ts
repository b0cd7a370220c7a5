import type { Fault } from "../fault.js";
import type { OptimizerSelection } from "../jobs/trainingJob.js";
import { stochasticWeightAverage } from "./wrappers/stochasticWeightAverage.js";

/**
 * Averages that would begin after the last step, and so have nothing in them.
 * @param fieldPath of the optimizer
 */
export function averagingFaults({ chain = [], wrappers = [] }: OptimizerSelection, totalSteps: number, fieldPath: string): Fault[] {
  return [
    chain.map((element, index) => ({ element, at: `chain[${index}]` })),
    wrappers.map((element, index) => ({ element, at: `wrappers[${index}]` })),
  ]
    .flat()
    .flatMap(({ element: { name, hyperparameters }, at }) => {
      const start = hyperparameters["swa_start"];
      if (name !== stochasticWeightAverage.name || typeof start !== "number" || start <= totalSteps) return [];
      const description = `${start} is after the last of ${totalSteps} steps: nothing would be averaged; at most ${totalSteps} is allowed`;
      return [{ field: `${fieldPath}.${at}.hyperparameters.swa_start`, reason: "OUT_OF_RANGE", description }];
    });
}
