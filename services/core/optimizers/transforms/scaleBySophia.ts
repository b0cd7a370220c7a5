import { defineTransform } from "../defineTransform.js";
import {
  abs,
  add,
  div,
  greater,
  isZero,
  lerp,
  meanOverAll,
  min,
  mod,
  mul,
  sampledGradientStream,
  select,
  sign,
  square,
  step,
  stream,
  sub,
} from "../expression.js";
import { atLeastOne, epsilons, integer, number, positive, unitInterval } from "../hyperparameter.js";

/**
 * Sophia-G: the mean gradient over an estimate of the Hessian's diagonal, each coordinate clipped. Liu et al., 2023, arXiv:2305.14342,
 * algorithm 3; the Gauss-Newton-Bartlett estimate (algorithm 2) from a gradient for labels that the model draws.
 */
export const scaleBySophia = defineTransform({
  name: "scale_by_sophia",
  description: "The mean gradient over the Hessian's diagonal, clipped; the Hessian estimated now and then from sampled labels.",
  hyperparameters: {
    beta1: number(0.965, unitInterval, "Share of the old mean of gradients kept at each step.", "per step"),
    beta2: number(0.99, unitInterval, "Share of the old Hessian kept at each estimate."),
    rho: number(0.04, positive, "Multiplies the Hessian: the smaller, the more coordinates are clipped."),
    epsilon: number(1e-15, epsilons, "Added to the Hessian, against division by zero."),
    update_interval: integer(10, atLeastOne, "Steps from one estimate of the Hessian to the next.", "steps"),
  },
  state: () => ({ m: 0, h: 0 }),
  sampledGradientEvery: ({ update_interval }) => update_interval,
  update({ update: g, state, hyper: { beta1, beta2, rho, epsilon, update_interval } }) {
    const m = lerp(g, state.m, beta1);
    const isDue = isZero(mod(sub(step, 1), update_interval));
    const h = select(isDue, lerp(square(stream(sampledGradientStream)), state.h, beta2), state.h);
    const ratio = div(abs(m), add(mul(rho, h), epsilon));
    return {
      update: mul(sign(m), min(ratio, 1)),
      state: { m, h },
      report: { fraction_clipped: { value: meanOverAll(greater(ratio, 1)), over: "mean" } },
    };
  },
});
