import { defineTransform } from "../defineTransform.js";
import { add, decayed, div, max, mean, mul, pow, sqrt, square, step, sub } from "../expression.js";
import { decays, epsilons, number, unitInterval } from "../hyperparameter.js";

/** StableAdamW: Adam whose learning rate for a tensor falls where the mean square lags behind its gradients. Wortsman et al., 2023, arXiv:2304.13013, algorithm 2. */
export const scaleByStableAdam = defineTransform({
  name: "scale_by_stable_adam",
  description: "Adam's direction and decoupled decay, divided by how far a tensor's gradients exceed their mean square.",
  hyperparameters: {
    beta1: number(0.9, unitInterval, "Share of the old mean of gradients kept at each step.", "per step"),
    beta2: number(0.99, unitInterval, "Share of the old mean of squared gradients kept at each step.", "per step"),
    epsilon: number(1e-8, { ...epsilons, atLeast: 1e-15 }, "Added to the root of the mean square, against division by zero."),
    weight_decay: number(0.01, decays, "Decoupled decay, multiplied by the learning rate; biases and norm gains are left out.", "per step"),
  },
  state: () => ({ m: 0, v: 0 }),
  update({ update: g, parameter, state, hyper: { beta1, beta2, epsilon, weight_decay } }) {
    // Betas that grow with the step instead of a correction afterwards; the first step keeps nothing of the start.
    const share = (beta: number) => div(sub(pow(beta, step), beta), sub(pow(beta, step), 1));
    const [kept1, kept2] = [share(beta1), share(beta2)];
    const m = add(mul(kept1, state.m), mul(sub(1, kept1), g));
    const v = add(mul(kept2, state.v), mul(sub(1, kept2), square(g)));
    const excess = sqrt(mean(div(square(g), max(v, epsilon ** 2))));
    const direction = add(div(m, add(sqrt(v), epsilon)), mul(mul(weight_decay, decayed), parameter));
    return {
      update: mul(div(1, max(excess, 1)), direction),
      state: { m, v },
      report: { gradient_excess_max: { value: excess, over: "max" } },
    };
  },
});
