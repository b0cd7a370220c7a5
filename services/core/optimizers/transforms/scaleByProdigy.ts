import { type Conflict, defineTransform } from "../defineTransform.js";
import {
  abs,
  add,
  decayed,
  div,
  type Expression,
  globalSum,
  isZero,
  lerp,
  max,
  min,
  mul,
  pow,
  scheduledLearningRate,
  select,
  sqrt,
  square,
  sub,
} from "../expression.js";
import { decays, epsilons, flag, nonNegative, number, positive, unitInterval } from "../hyperparameter.js";

/** What is wrong with a limit to the growth of an estimate. */
export function shrinking(growth_rate: number): Conflict | undefined {
  if (growth_rate === 0 || growth_rate >= 1) return undefined;
  return {
    hyperparameter: "growth_rate",
    description: `${growth_rate} would not let the estimate grow; allowed: 0, without limit, or at least 1`,
  };
}

/**
 * Prodigy: Adam with a learning rate that it finds itself, from the distance to the start. Mishchenko and Defazio, 2023, arXiv:2306.06101,
 * algorithm 4, as the authors' code has it. All parameters share the estimate.
 */
export const scaleByProdigy = defineTransform({
  name: "scale_by_prodigy",
  description: "Adam's direction times an estimate of the distance to the solution; the learning rate multiplies it.",
  hyperparameters: {
    beta1: number(0.9, unitInterval, "Share of the old mean of gradients kept at each step.", "per step"),
    beta2: number(0.999, unitInterval, "Share of the old mean of squared gradients kept at each step.", "per step"),
    beta3: number(0, unitInterval, "Share of the old sums of the estimate kept at each step; 0: the root of beta2.", "per step"),
    epsilon: number(1e-8, { ...epsilons, atLeast: 1e-18 }, "Added to the root of the mean square, times the estimate."),
    d0: number(1e-6, { above: 1e-13 }, "The first estimate of the distance."),
    d_coef: number(1, positive, "Multiplies the estimate."),
    growth_rate: number(0, nonNegative, "The estimate grows by at most this factor; 0: without limit.", "per step"),
    safeguard_warmup: flag(false, "Leave the learning rate out of the estimate's denominator: for long warm-ups."),
    use_bias_correction: flag(false, "Adam's bias correction."),
    weight_decay: number(
      0.01,
      decays,
      "Decoupled decay, multiplied by learning rate and estimate; biases and norm gains are left out.",
      "per step",
    ),
  },
  conflict: ({ growth_rate }) => shrinking(growth_rate),
  state: () => ({ m: 0, v: 0, s: 0, start: "parameter" }),
  remembered: ({ d0 }) => ({
    d: { initial: d0, scope: "step" },
    d_max: { initial: d0, scope: "step" },
    numerator: { initial: 0, scope: "step" },
    count: { initial: 0, scope: "step" },
  }),
  update({ update: g, parameter, state, remembered: { d, d_max, numerator, count }, hyper }) {
    const { beta1, beta2, epsilon, d0, d_coef, growth_rate, safeguard_warmup, use_bias_correction, weight_decay } = hyper;
    const beta3 = hyper.beta3 || Math.sqrt(beta2);
    const taken = add(count, 1);
    const correction: Expression | number = use_bias_correction ? div(sqrt(sub(1, pow(beta2, taken))), sub(1, pow(beta1, taken))) : 1;
    const rate = mul(mul(d, scheduledLearningRate), correction);
    const share = div(d, d0);
    const m = lerp(mul(d, g), state.m, beta1);
    const v = lerp(square(mul(d, g)), state.v, beta2);
    const s = add(mul(beta3, state.s), mul(mul(share, safeguard_warmup ? d : rate), g));
    const progress = globalSum(mul(g, sub(state.start, parameter)));
    const nextNumerator = add(mul(beta3, numerator), mul(mul(share, rate), progress));
    const denominator = globalSum(abs(s));
    const estimate = div(mul(d_coef, nextNumerator), denominator);
    const first = select(isZero(sub(d, d0)), max(d, estimate), d);
    const largest = max(d_max, estimate);
    const grown = growth_rate === 0 ? largest : min(largest, mul(first, growth_rate));
    // A step without a learning rate, as a warm-up begins, is none: it changes nothing and does not count.
    const moved = (next: Expression, old: Expression) => select(scheduledLearningRate, next, old);
    // Without any gradient so far there is nothing to estimate from.
    const known = (next: Expression, old: Expression) => moved(select(denominator, next, old), old);
    const nextD = known(grown, d);
    const direction = div(beta1 === 0 ? mul(nextD, g) : m, add(sqrt(v), mul(nextD, epsilon)));
    const whole = add(direction, mul(mul(weight_decay, decayed), parameter));
    return {
      update: mul(mul(mul(select(denominator, 1, 0), d), correction), whole),
      state: { m: moved(m, state.m), v: moved(v, state.v), s: moved(s, state.s), start: state.start },
      remembered: { d: nextD, d_max: known(largest, d_max), numerator: known(nextNumerator, numerator), count: known(taken, count) },
      report: { d: { value: nextD, over: "mean" } },
    };
  },
});
