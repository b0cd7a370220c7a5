import { defineTransform } from "../defineTransform.js";
import { add, biasCorrect, div, lerp, mul, pow, select, sqrt, square, step, sub } from "../expression.js";
import { epsilons, flag, number, unitInterval } from "../hyperparameter.js";
import { isRectified, rectification } from "./scaleByRectification.js";

/**
 * AdaBelief: Adam with the variance around the mean gradient instead of the mean square. Zhuang et al., 2020, arXiv:2010.07468, algorithm 2,
 * as the authors' code has it: epsilon is added to the state, and again to its root.
 */
export const scaleByAdabelief = defineTransform({
  name: "scale_by_adabelief",
  description: "The mean gradient over the root of the variance of gradients around it.",
  hyperparameters: {
    beta1: number(0.9, unitInterval, "Share of the old mean of gradients kept at each step.", "per step"),
    beta2: number(0.999, unitInterval, "Share of the old variance kept at each step.", "per step"),
    epsilon: number(1e-16, epsilons, "Added to the variance at each step, and to its root."),
    rectify: flag(false, "RAdam's rectification."),
  },
  state: () => ({ m: 0, s: 0 }),
  update({ update: g, state, hyper: { beta1, beta2, epsilon, rectify } }) {
    const m = lerp(g, state.m, beta1);
    const s = add(lerp(square(sub(g, m)), state.s, beta2), epsilon);
    const mean = biasCorrect(m, beta1, step);
    const corrected = div(mean, add(sqrt(biasCorrect(s, beta2, step)), epsilon));
    if (!rectify) return { update: corrected, state: { m, s } };
    const correction = mul(sqrt(sub(1, pow(beta2, step))), rectification(beta2));
    return {
      update: select(isRectified(beta2), mul(correction, div(mean, add(sqrt(s), epsilon))), mean),
      state: { m, s },
      report: { rectification: { value: rectification(beta2), over: "mean" } },
    };
  },
});
