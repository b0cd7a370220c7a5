import { defineWrapper } from "../defineWrapper.js";
import { add, div, greater, max, mul, select, step, sub } from "../expression.js";
import { nonNegative, number } from "../hyperparameter.js";

/** Polyak's average of the iterates from a step on, as torch.optim.ASGD has it (`ax`). */
export const averagedIterate = defineWrapper({
  name: "averaged_iterate",
  description: "The model is evaluated and saved with the average of its weights since step t0.",
  hyperparameters: {
    t0: number(1e6, nonNegative, "The step from which on the weights are averaged; before it the last ones count.", "steps"),
  },
  state: () => ({ average: 0 }),
  after({ updated, state, hyper: { t0 } }) {
    const averages = greater(step, t0 + 2);
    const share = div(1, max(1, sub(step, t0 + 1)));
    const average = add(state.average, mul(share, sub(updated, state.average)));
    return { parameter: updated, state: { average: select(averages, average, updated) } };
  },
  evaluationPoint: ({ state }) => state.average,
});
