import { defineTransform } from "../defineTransform.js";
import {
  baseLearningRate,
  biasCorrect,
  clamp,
  div,
  type Expression,
  greater,
  lerp,
  max,
  meanOverAll,
  mul,
  pow,
  select,
  sqrt,
  square,
  step,
  sub,
  add,
} from "../expression.js";
import { epsilons, flag, learningRates, nonNegative, number, unitInterval } from "../hyperparameter.js";
import { isRectified } from "./scaleByRectification.js";

/**
 * Adam's direction: the mean of the gradients over the root of the mean of their squares, both corrected for their start at 0. Kingma and
 * Ba, 2015, arXiv:1412.6980, algorithm 1. Its options:
 * - amsgrad: the largest mean square so far instead of the last; Reddi et al., 2018, arXiv:1904.09237 (before the correction, as torch);
 * - rectify: the mean alone while the variance of the rate cannot be bounded; Liu et al., 2020, arXiv:1908.03265. The factor that goes with
 *   it is `scale_by_rectification`, which may stand after a trust ratio;
 * - bounds: the rate of each coordinate within bounds that close in on `final_learning_rate`; Luo et al., 2019, arXiv:1902.09843.
 */
export const scaleByAdam = defineTransform({
  name: "scale_by_adam",
  description:
    "Adam's direction: mean gradient over root mean square, both corrected for their start at 0; rectified or bounded on demand.",
  hyperparameters: {
    beta1: number(0.9, unitInterval, "Share of the old mean of gradients kept at each step.", "per step"),
    beta2: number(0.999, unitInterval, "Share of the old mean of squared gradients kept at each step.", "per step"),
    epsilon: number(1e-8, epsilons, "Added to the root of the mean square, against division by zero."),
    amsgrad: flag(false, "Divide by the largest mean square so far."),
    rectify: flag(false, "Leave the division out while the mean square rests on too few gradients."),
    bounds: flag(false, "Keep each coordinate's learning rate within bounds that close in on final_learning_rate."),
    final_learning_rate: number(0.1, learningRates, "Where the bounds close in, at the peak of the schedule.", "per step"),
    gamma: number(1e-3, nonNegative, "How fast the bounds close in; 0: never, the rate is unbounded.", "per step"),
    uncorrected_epsilon: flag(
      false,
      "Add epsilon to the root before it is corrected for its start at 0, as torch's RAdam and AdaBound do.",
    ),
  },
  state: ({ amsgrad }) => (amsgrad ? { m: 0, v: 0, v_max: 0 } : { m: 0, v: 0 }),
  update({ update: g, state, hyper }) {
    const { beta1, beta2, epsilon, amsgrad, rectify, bounds, uncorrected_epsilon } = hyper;
    const m = lerp(g, state.m, beta1);
    const v = lerp(square(g), state.v, beta2);
    const largest = amsgrad ? max(state.v_max, v) : v;
    const correction = sqrt(sub(1, pow(beta2, step)));
    const root = uncorrected_epsilon ? div(add(sqrt(largest), epsilon), correction) : add(sqrt(biasCorrect(largest, beta2, step)), epsilon);
    const states = amsgrad ? { m, v, v_max: largest } : { m, v };
    if (bounds) {
      // What Adam's mean is multiplied by, as a share of the learning rate: the mean's own correction is inside the bounds.
      const { low, high } = closingBounds(hyper);
      const rate = div(div(1, sub(1, pow(beta1, step))), root);
      const bounded = mul(clamp(rate, low, high), m);
      const clipped = meanOverAll(add(greater(low, rate), greater(rate, high)));
      const direction = rectify ? select(isRectified(beta2), bounded, biasCorrect(m, beta1, step)) : bounded;
      const share = rectify ? select(isRectified(beta2), clipped, 0) : clipped;
      return { update: direction, state: states, report: { fraction_bounded: { value: share, over: "mean" } } };
    }
    const mean = biasCorrect(m, beta1, step);
    return { update: rectify ? select(isRectified(beta2), div(mean, root), mean) : div(mean, root), state: states };
  },
});

/** Luo et al.'s bounds, as shares of the learning rate: final (1 - 1 / (gamma t + 1)) and final (1 + 1 / (gamma t)). */
function closingBounds({ final_learning_rate, gamma }: { final_learning_rate: number; gamma: number }): {
  low: Expression;
  high: Expression;
} {
  const final = div(final_learning_rate, baseLearningRate);
  return {
    low: mul(final, sub(1, div(1, add(mul(gamma, step), 1)))),
    high: mul(final, add(1, div(1, mul(gamma, step)))),
  };
}

/** The hyperparameters of Adam without any option, for presets to fix. */
export const plainAdam = {
  amsgrad: false,
  rectify: false,
  bounds: false,
  final_learning_rate: 0.1,
  gamma: 1e-3,
  uncorrected_epsilon: false,
} as const;
