import { defineTransform } from "../defineTransform.js";
import { abs, add, biasCorrect, div, lerp, max, mul, step } from "../expression.js";
import { epsilons, number, unitInterval } from "../hyperparameter.js";

/** AdaMax: Adam with the infinity norm. Kingma and Ba, 2015, arXiv:1412.6980, algorithm 2; epsilon within the maximum, as torch.optim.Adamax. */
export const scaleByAdamax = defineTransform({
  name: "scale_by_adamax",
  description: "The mean gradient over the largest recent gradient, which decays.",
  hyperparameters: {
    beta1: number(0.9, unitInterval, "Share of the old mean of gradients kept at each step.", "per step"),
    beta2: number(0.999, unitInterval, "Share of the old largest gradient kept at each step.", "per step"),
    epsilon: number(1e-8, epsilons, "Added to the magnitude of each gradient, against division by zero."),
  },
  state: () => ({ m: 0, u: 0 }),
  update({ update: g, state, hyper: { beta1, beta2, epsilon } }) {
    const m = lerp(g, state.m, beta1);
    const u = max(mul(beta2, state.u), add(abs(g), epsilon));
    return { update: div(biasCorrect(m, beta1, step), u), state: { m, u } };
  },
});
