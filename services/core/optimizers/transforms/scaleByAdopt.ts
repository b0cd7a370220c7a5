import { defineTransform } from "../defineTransform.js";
import { add, clamp, decayed, div, greater, lerp, max, mul, neg, pow, select, sqrt, square, step, sub } from "../expression.js";
import { decays, epsilons, flag, number, unitInterval } from "../hyperparameter.js";

/**
 * ADOPT: Adam that normalises by the mean square without the current gradient, before the mean. Taniguchi et al., 2024, arXiv:2411.02853,
 * algorithm 2; the first step only looks at the gradient.
 */
export const scaleByAdopt = defineTransform({
  name: "scale_by_adopt",
  description: "The mean of gradients that were each normalised by the mean square before them.",
  hyperparameters: {
    beta1: number(0.9, unitInterval, "Share of the old mean of normalised gradients kept at each step.", "per step"),
    beta2: number(0.9999, unitInterval, "Share of the old mean of squared gradients kept at each step.", "per step"),
    epsilon: number(1e-6, epsilons, "The least root of the mean square."),
    clip: flag(true, "Clip normalised gradients to the fourth root of the steps before."),
    weight_decay: number(0.01, decays, "Decoupled decay, multiplied by the learning rate; biases and norm gains are left out.", "per step"),
  },
  state: () => ({ m: 0, v: 0 }),
  update({ update: g, parameter, state, hyper: { beta1, beta2, epsilon, clip, weight_decay } }) {
    const later = greater(step, 1);
    const normalized = div(g, max(sqrt(state.v), epsilon));
    const limit = pow(sub(step, 1), 0.25);
    const m = lerp(clip ? clamp(normalized, neg(limit), limit) : normalized, state.m, beta1);
    return {
      update: select(later, add(m, mul(mul(weight_decay, decayed), parameter)), 0),
      state: { m: select(later, m, state.m), v: select(later, lerp(square(g), state.v, beta2), square(g)) },
    };
  },
});
