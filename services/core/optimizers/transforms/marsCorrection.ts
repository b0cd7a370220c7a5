import { defineTransform } from "../defineTransform.js";
import { add, div, greater, max, mul, norm, select, step, sub } from "../expression.js";
import { nonNegative, number, unitInterval } from "../hyperparameter.js";

/** MARS: the gradient with a correction that lowers its variance, clipped to norm 1 by tensor. Yuan et al., 2024, arXiv:2411.10438, algorithm 2 (approximate form). */
export const marsCorrection = defineTransform({
  name: "mars_correction",
  description: "Adds a share of the gradient's change to it, to lower its variance, and clips each tensor to norm 1.",
  hyperparameters: {
    beta1: number(0.95, unitInterval, "Share of the old mean of gradients kept at each step.", "per step"),
    gamma: number(0.025, nonNegative, "Strength of the correction."),
  },
  state: () => ({ previous: 0 }),
  update({ update: g, state, hyper: { beta1, gamma } }) {
    const change = select(greater(step, 1), sub(g, state.previous), 0);
    const corrected = add(g, mul((gamma * beta1) / (1 - beta1), change));
    const length = norm(corrected);
    return {
      update: mul(div(1, max(length, 1)), corrected),
      state: { previous: g },
      report: { corrected_norm_max: { value: length, over: "max" } },
    };
  },
});
