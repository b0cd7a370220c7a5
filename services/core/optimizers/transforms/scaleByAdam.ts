import { defineTransform } from "../defineTransform.js";
import { add, biasCorrect, div, lerp, sqrt, square } from "../expression.js";
import { epsilons, number, unitInterval } from "../hyperparameter.js";

/** Adam's direction: the mean of the gradients over the root of the mean of their squares. Kingma and Ba, 2015, arXiv:1412.6980, algorithm 1. */
export const scaleByAdam = defineTransform({
  name: "scale_by_adam",
  hyperparameters: {
    beta1: number(0.9, unitInterval, "Share of the old mean of gradients kept at each step.", "per step"),
    beta2: number(0.999, unitInterval, "Share of the old mean of squared gradients kept at each step.", "per step"),
    epsilon: number(1e-8, epsilons, "Added to the root of the mean square, against division by zero."),
  },
  state: () => ({ m: 0, v: 0 }),
  update({ update: g, state, hyper: { beta1, beta2, epsilon }, step }) {
    const m = lerp(g, state.m, beta1);
    const v = lerp(square(g), state.v, beta2);
    return { update: div(biasCorrect(m, beta1, step), add(sqrt(biasCorrect(v, beta2, step)), epsilon)), state: { m, v } };
  },
});
