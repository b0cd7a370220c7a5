import { defineTransform } from "../defineTransform.js";
import { add, biasCorrect, div, lerp, mul, scheduledLearningRate, select, sqrt, square, step } from "../expression.js";
import { epsilons, number, unitInterval } from "../hyperparameter.js";

/**
 * LaProp: the mean of normalised gradients instead of the normalised mean. Ziyin, Wang and Ueda, 2020, arXiv:2002.04839, algorithm 1; the mean
 * is weighted by the learning rates that each gradient met, as in the authors' code.
 */
export const scaleByLaprop = defineTransform({
  name: "scale_by_laprop",
  description: "The mean of gradients that were each normalised by their root mean square.",
  hyperparameters: {
    beta1: number(0.9, unitInterval, "Share of the old mean of normalised gradients kept at each step.", "per step"),
    beta2: number(0.999, unitInterval, "Share of the old mean of squared gradients kept at each step.", "per step"),
    epsilon: number(1e-15, epsilons, "Added to the root of the mean square, against division by zero."),
  },
  state: () => ({ m: 0, v: 0 }),
  remembered: () => ({ rates: { initial: 0, scope: "step" } }),
  update({ update: g, state, remembered, hyper: { beta1, beta2, epsilon } }) {
    const v = lerp(square(g), state.v, beta2);
    const normalized = div(g, add(sqrt(biasCorrect(v, beta2, step)), epsilon));
    const m = add(mul(beta1, state.m), mul(mul(scheduledLearningRate, 1 - beta1), normalized));
    const rates = lerp(scheduledLearningRate, remembered.rates, beta1);
    return { update: select(rates, div(m, rates), 0), state: { m, v }, remembered: { rates } };
  },
});
