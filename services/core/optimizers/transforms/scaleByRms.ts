import { defineTransform } from "../defineTransform.js";
import { add, biasCorrect, div, lerp, max, sqrt, square, step, sub } from "../expression.js";
import { epsilons, flag, number, unitInterval } from "../hyperparameter.js";

/**
 * RMSProp's direction: the gradient over the root of the mean square of gradients, epsilon outside the root as in torch.optim.RMSprop.
 * Tieleman and Hinton, 2012, lecture 6.5; centered: Graves, 2013, arXiv:1308.0850, equation 38.
 */
export const scaleByRms = defineTransform({
  name: "scale_by_rms",
  description: "The gradient over the root of the mean square of gradients.",
  hyperparameters: {
    alpha: number(0.99, unitInterval, "Share of the old mean of squared gradients kept at each step.", "per step"),
    epsilon: number(1e-8, epsilons, "Added to the root of the mean square, against division by zero."),
    centered: flag(false, "Divide by the standard deviation of the gradient instead of its root mean square."),
    bias_correction: flag(false, "Correct the mean square for its start at 0, as Adam does."),
  },
  conflict: ({ centered, bias_correction }) =>
    centered && bias_correction ? { hyperparameter: "bias_correction", description: "true does not go together with centered" } : undefined,
  state: ({ centered }) => (centered ? { v: 0, mean: 0 } : { v: 0 }),
  update({ update: g, state, hyper: { alpha, epsilon, centered, bias_correction } }) {
    const v = lerp(square(g), state.v, alpha);
    if (!centered) return { update: div(g, add(sqrt(bias_correction ? biasCorrect(v, alpha, step) : v), epsilon)), state: { v } };
    const mean = lerp(g, state.mean, alpha);
    // In exact arithmetic the variance is never negative; where rounding makes it so, torch's root is NaN and ours 0.
    const variance = max(sub(v, square(mean)), 0);
    return { update: div(g, add(sqrt(variance), epsilon)), state: { v, mean } };
  },
});
