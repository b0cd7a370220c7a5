import { defineTransform } from "../defineTransform.js";
import { add, biasCorrect, div, lerp, mul, pow, sqrt, square, step, sub } from "../expression.js";
import { epsilons, nonNegative, number, unitInterval } from "../hyperparameter.js";

/**
 * NAdam: Adam with Nesterov's momentum. Dozat, 2016, "Incorporating Nesterov Momentum into Adam", with the schedule of the momentum and the
 * product of its values as torch.optim.NAdam has them.
 */
export const scaleByNadam = defineTransform({
  name: "scale_by_nadam",
  description: "Adam's direction with Nesterov's momentum and a schedule for it.",
  hyperparameters: {
    beta1: number(0.9, unitInterval, "Share of the old mean of gradients kept at each step.", "per step"),
    beta2: number(0.999, unitInterval, "Share of the old mean of squared gradients kept at each step.", "per step"),
    epsilon: number(1e-8, epsilons, "Added to the root of the mean square, against division by zero."),
    momentum_decay: number(4e-3, nonNegative, "How fast the momentum's schedule goes to beta1.", "per step"),
  },
  state: () => ({ m: 0, v: 0 }),
  remembered: () => ({ product: { initial: 1, scope: "step" } }),
  update({ update: g, state, remembered, hyper: { beta1, beta2, epsilon, momentum_decay } }) {
    const momentumAt = (t: typeof step) => mul(beta1, sub(1, mul(0.5, pow(0.96, mul(t, momentum_decay)))));
    const [mu, muNext] = [momentumAt(step), momentumAt(add(step, 1))];
    const product = mul(remembered.product, mu);
    const m = lerp(g, state.m, beta1);
    const v = lerp(square(g), state.v, beta2);
    const numerator = add(mul(div(sub(1, mu), sub(1, product)), g), mul(div(muNext, sub(1, mul(product, muNext))), m));
    return {
      update: div(numerator, add(sqrt(biasCorrect(v, beta2, step)), epsilon)),
      state: { m, v },
      remembered: { product },
    };
  },
});
