import { defineWrapper } from "../defineWrapper.js";
import { add, div, max, mul, pow, scheduledLearningRate, select, step, sub } from "../expression.js";
import { number, type NumberRange } from "../hyperparameter.js";

const openUnit: NumberRange = { above: 0, below: 1 };
/** In use: 0 to 2. Of far larger ones the weights of steps leave the range of numbers. */
const powers: NumberRange = { atLeast: 0, atMost: 10 };

/**
 * Schedule-free learning: gradients are taken between the fast iterate z and the average x, which is what is evaluated and saved. Defazio et
 * al., 2024, arXiv:2405.15682, algorithm 1, as the authors' code has it: the parameter is y, and x follows from y and z.
 */
export const scheduleFree = defineWrapper({
  name: "schedule_free",
  description: "Trains between a fast iterate and its average, and evaluates the average: no decaying schedule is needed.",
  hyperparameters: {
    beta1: number(0.9, openUnit, "Where between the fast iterate (0) and the average (1) gradients are taken."),
    r: number(0, powers, "The average weighs step t by t to this power."),
    weight_lr_power: number(2, powers, "The average weighs a step by the largest learning rate so far to this power."),
  },
  state: () => ({ z: "parameter" }),
  remembered: () => ({ weights: { initial: 0, scope: "step" }, largest_rate: { initial: 0, scope: "step" } }),
  after({ parameter, update, state, remembered, hyper: { beta1, r, weight_lr_power } }) {
    const largest = max(scheduledLearningRate, remembered.largest_rate);
    const weight = mul(pow(step, r), pow(largest, weight_lr_power));
    const weights = add(remembered.weights, weight);
    const share = select(weights, div(weight, weights), 0);
    const fast = sub(1, mul(beta1, sub(1, share)));
    return {
      parameter: add(parameter, add(mul(share, sub(state.z, parameter)), mul(fast, update))),
      state: { z: add(state.z, update) },
      remembered: { weights, largest_rate: largest },
    };
  },
  evaluationPoint: ({ parameter, state, hyper: { beta1 } }) => add(parameter, mul(1 - 1 / beta1, sub(state.z, parameter))),
});
