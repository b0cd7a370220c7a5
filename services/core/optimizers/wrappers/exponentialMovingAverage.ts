import { defineWrapper } from "../defineWrapper.js";
import { biasCorrect, lerp, step } from "../expression.js";
import { number, unitInterval } from "../hyperparameter.js";

/** Evaluates and saves an average of the weights over the last steps, corrected for its start at 0. Polyak and Juditsky, 1992; Morales-Brotons et al., 2024, arXiv:2411.18704. */
export const exponentialMovingAverage = defineWrapper({
  name: "exponential_moving_average",
  description: "The model is evaluated and saved with an exponential moving average of its weights.",
  hyperparameters: {
    ema_decay: number(0.98, unitInterval, "Share of the old average kept at each step; 0: no average.", "per step"),
  },
  identity: ({ ema_decay }) => ema_decay === 0,
  state: () => ({ average: 0 }),
  after: ({ updated, state, hyper: { ema_decay } }) => ({
    parameter: updated,
    state: { average: lerp(updated, state.average, ema_decay) },
  }),
  evaluationPoint: ({ state, hyper: { ema_decay } }) => biasCorrect(state.average, ema_decay, step),
});
