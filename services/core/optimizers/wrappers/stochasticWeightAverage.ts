import { defineWrapper } from "../defineWrapper.js";
import { add, div, greater, isZero, mod, mul, select, step, sub } from "../expression.js";
import { atLeastOne, integer } from "../hyperparameter.js";

/** SWA: evaluates and saves the plain average of the weights from a step on. Izmailov et al., 2018, arXiv:1803.05407, algorithm 1. */
export const stochasticWeightAverage = defineWrapper({
  name: "stochastic_weight_average",
  description: "The model is evaluated and saved with the average of its weights at every few steps from one step on.",
  hyperparameters: {
    swa_start: integer(1, atLeastOne, "The first step whose weights are in the average.", "steps"),
    swa_frequency: integer(1, atLeastOne, "Steps from one that is in the average to the next.", "steps"),
  },
  state: () => ({ average: 0 }),
  remembered: () => ({ count: { initial: 0, scope: "step" } }),
  after({ updated, state, remembered: { count }, hyper: { swa_start, swa_frequency } }) {
    const isDue = mul(greater(step, swa_start - 1), isZero(mod(sub(step, swa_start), swa_frequency)));
    const average = add(state.average, mul(div(1, add(count, 1)), sub(updated, state.average)));
    return {
      parameter: updated,
      state: { average: select(isDue, average, state.average) },
      remembered: { count: add(count, isDue) },
    };
  },
  evaluationPoint: ({ parameter, state, remembered: { count } }) => select(count, state.average, parameter),
});
