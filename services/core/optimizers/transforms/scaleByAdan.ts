import { defineTransform } from "../defineTransform.js";
import { add, biasCorrect, div, greater, lerp, mul, select, sqrt, square, step, sub } from "../expression.js";
import { epsilons, number, unitInterval } from "../hyperparameter.js";

/** Adan: adaptive Nesterov momentum. Xie et al., 2022, arXiv:2208.06677, algorithm 1; betas are the shares kept, as in the authors' code. */
export const scaleByAdan = defineTransform({
  name: "scale_by_adan",
  description: "Adaptive Nesterov momentum, from the gradients and their differences.",
  hyperparameters: {
    beta1: number(0.98, unitInterval, "Share of the old mean of gradients kept at each step.", "per step"),
    beta2: number(0.92, unitInterval, "Share of the old mean of gradient differences kept at each step.", "per step"),
    beta3: number(0.99, unitInterval, "Share of the old mean of squares kept at each step.", "per step"),
    epsilon: number(1e-8, epsilons, "Added to the root of the mean square, against division by zero."),
  },
  state: () => ({ m: 0, y: 0, n: 0, previous: 0 }),
  update({ update: g, state, hyper: { beta1, beta2, beta3, epsilon } }) {
    const difference = select(greater(step, 1), sub(g, state.previous), 0);
    const m = lerp(g, state.m, beta1);
    const y = lerp(difference, state.y, beta2);
    const n = lerp(square(add(g, mul(beta2, difference))), state.n, beta3);
    const direction = add(biasCorrect(m, beta1, step), mul(beta2, biasCorrect(y, beta2, step)));
    return {
      update: div(direction, add(sqrt(biasCorrect(n, beta3, step)), epsilon)),
      state: { m, y, n, previous: g },
    };
  },
});
