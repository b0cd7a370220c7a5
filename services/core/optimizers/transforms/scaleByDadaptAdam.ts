import { defineTransform } from "../defineTransform.js";
import {
  abs,
  add,
  decayed,
  div,
  type Expression,
  globalSum,
  lerp,
  max,
  min,
  mul,
  neg,
  pow,
  scheduledLearningRate,
  select,
  sqrt,
  square,
  sub,
} from "../expression.js";
import { decays, epsilons, flag, learningRates, nonNegative, number, positive, unitInterval } from "../hyperparameter.js";
import { shrinking } from "./scaleByProdigy.js";

/**
 * D-Adaptation for Adam: a learning rate from a lower bound of the distance to the solution. Defazio and Mishchenko, 2023, arXiv:2301.07733,
 * algorithm 5, as the authors' code has it: the learning rate is inside the mean of gradients, so this ends a chain itself.
 */
export const scaleByDadaptAdam = defineTransform({
  name: "scale_by_dadapt_adam",
  description: "Adam's step times an estimated lower bound of the distance to the solution; the end of a chain.",
  appliesLearningRate: true,
  hyperparameters: {
    learning_rate: number(1, learningRates, "Multiplies the estimated rate; the schedule multiplies it.", "per step"),
    beta1: number(0.9, unitInterval, "Share of the old mean of gradients kept at each step.", "per step"),
    beta2: number(0.999, unitInterval, "Share of the old mean of squared gradients kept at each step.", "per step"),
    epsilon: number(1e-8, epsilons, "Added to the root of the mean square, against division by zero."),
    d0: number(1e-6, positive, "The first estimate of the distance."),
    growth_rate: number(0, nonNegative, "The estimate grows by at most this factor; 0: without limit.", "per step"),
    use_bias_correction: flag(false, "Adam's bias correction."),
    weight_decay: number(
      0.01,
      decays,
      "Decoupled decay, multiplied by learning rate and estimate; biases and norm gains are left out.",
      "per step",
    ),
  },
  conflict: ({ growth_rate }) => shrinking(growth_rate),
  state: () => ({ m: 0, v: 0, s: 0 }),
  remembered: ({ d0 }) => ({
    d: { initial: d0, scope: "step" },
    numerator: { initial: 0, scope: "step" },
    count: { initial: 0, scope: "step" },
  }),
  update({ update: g, parameter, state, remembered: { d, numerator, count }, hyper }) {
    const { beta1, beta2, epsilon, growth_rate, use_bias_correction, weight_decay } = hyper;
    const kept = Math.sqrt(beta2);
    const taken = add(count, 1);
    const correction = use_bias_correction ? div(sqrt(sub(1, pow(beta2, taken))), sub(1, pow(beta1, taken))) : 1;
    const rate = mul(mul(d, scheduledLearningRate), correction);
    const progress = mul(rate, globalSum(mul(g, div(state.s, add(sqrt(state.v), epsilon)))));
    const m = add(mul(beta1, state.m), mul(mul(rate, 1 - beta1), g));
    const v = lerp(square(g), state.v, beta2);
    const s = add(mul(kept, state.s), mul(mul(rate, 1 - kept), g));
    const length = globalSum(abs(s));
    const nextNumerator = add(mul(kept, numerator), mul(1 - kept, progress));
    const estimate = div(nextNumerator, mul(1 - kept, length));
    const grown = growth_rate === 0 ? estimate : min(estimate, mul(d, growth_rate));
    const change = add(div(m, add(sqrt(v), epsilon)), mul(mul(mul(rate, weight_decay), decayed), parameter));
    // A step without a learning rate, as a warm-up begins, is none: it changes nothing and does not count.
    const moved = (next: Expression, old: Expression | number) => select(scheduledLearningRate, next, old);
    // Without any gradient so far there is nothing to estimate from.
    const known = (next: Expression, old: Expression) => moved(select(length, next, old), old);
    const nextD = known(max(d, grown), d);
    return {
      update: moved(mul(neg(select(length, 1, 0)), change), 0),
      state: { m: moved(m, state.m), v: moved(v, state.v), s: moved(s, state.s) },
      remembered: { d: nextD, numerator: known(nextNumerator, numerator), count: known(taken, count) },
      report: { d: { value: nextD, over: "mean" } },
    };
  },
});
