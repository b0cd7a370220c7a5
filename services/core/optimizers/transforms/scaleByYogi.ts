import { defineTransform } from "../defineTransform.js";
import { add, biasCorrect, div, lerp, mul, sign, sqrt, square, step, sub } from "../expression.js";
import { epsilons, nonNegative, number, unitInterval } from "../hyperparameter.js";

/** Yogi: Adam whose mean square changes by at most the squared gradient. Zaheer et al., 2018, NeurIPS, algorithm 2; semantics of optax's. */
export const scaleByYogi = defineTransform({
  name: "scale_by_yogi",
  description: "Adam's direction with a mean square that grows and shrinks additively.",
  hyperparameters: {
    beta1: number(0.9, unitInterval, "Share of the old mean of gradients kept at each step.", "per step"),
    beta2: number(0.999, unitInterval, "How slowly the mean square follows the squared gradient.", "per step"),
    epsilon: number(1e-3, epsilons, "Added to the root of the mean square, against division by zero."),
    initial_accumulator: number(1e-6, nonNegative, "What both means start with."),
  },
  state: ({ initial_accumulator }) => ({ m: initial_accumulator, v: initial_accumulator }),
  update({ update: g, state, hyper: { beta1, beta2, epsilon } }) {
    const m = lerp(g, state.m, beta1);
    const squared = square(g);
    const v = sub(state.v, mul(1 - beta2, mul(sign(sub(state.v, squared)), squared)));
    return { update: div(biasCorrect(m, beta1, step), add(sqrt(biasCorrect(v, beta2, step)), epsilon)), state: { m, v } };
  },
});
