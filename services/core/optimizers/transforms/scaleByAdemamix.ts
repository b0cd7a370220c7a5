import { defineTransform } from "../defineTransform.js";
import { add, biasCorrect, div, type Expression, greater, lerp, min, mul, pow, select, sqrt, square, step, sub } from "../expression.js";
import { epsilons, integer, nonNegative, number, type NumberRange, unitInterval } from "../hyperparameter.js";

const openUnit: NumberRange = { above: 0, below: 1 };

/** AdEMAMix: Adam with a second, much slower mean of gradients. Pagliardini, Ablin and Grangier, 2024, arXiv:2409.03137, algorithm 1. */
export const scaleByAdemamix = defineTransform({
  name: "scale_by_ademamix",
  description: "Adam's direction from a fast and a slow mean of gradients together.",
  hyperparameters: {
    beta1: number(0.9, openUnit, "Share of the fast mean of gradients kept at each step.", "per step"),
    beta2: number(0.999, unitInterval, "Share of the old mean of squared gradients kept at each step.", "per step"),
    beta3: number(0.9999, openUnit, "Share of the slow mean of gradients kept at each step.", "per step"),
    alpha: number(5, nonNegative, "Weight of the slow mean."),
    alpha_warmup: integer(0, nonNegative, "Steps in which alpha grows from 0; 0: at once.", "steps"),
    beta3_warmup: integer(0, nonNegative, "Steps in which beta3 grows from beta1; 0: at once.", "steps"),
    epsilon: number(1e-8, epsilons, "Added to the root of the mean square, against division by zero."),
  },
  state: () => ({ fast: 0, slow: 0, v: 0 }),
  update({ update: g, state, hyper: { beta1, beta2, beta3, alpha, alpha_warmup, beta3_warmup, epsilon } }) {
    const weight = alpha_warmup === 0 ? alpha : min(mul(step, alpha / alpha_warmup), alpha);
    const fast = lerp(g, state.fast, beta1);
    const slow = lerp(g, state.slow, slowShare(beta1, beta3, beta3_warmup));
    const v = lerp(square(g), state.v, beta2);
    return {
      update: div(add(biasCorrect(fast, beta1, step), mul(weight, slow)), add(sqrt(biasCorrect(v, beta2, step)), epsilon)),
      state: { fast, slow, v },
    };
  },
});

/** beta3 on its way from beta1: its half-life grows linearly. */
function slowShare(beta1: number, beta3: number, warmup: number): Expression | number {
  if (warmup === 0) return beta3;
  const [log1, log3] = [Math.log(beta1), Math.log(beta3)];
  const done = div(step, warmup);
  const share = pow(Math.E, div(log1 * log3, add(mul(sub(1, done), log3), mul(done, log1))));
  return select(greater(warmup, step), min(share, beta3), beta3);
}
