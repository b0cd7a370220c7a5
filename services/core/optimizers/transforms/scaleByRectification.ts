import { defineTransform } from "../defineTransform.js";
import { type Expression, div, greater, mul, pow, select, sqrt, step, sub } from "../expression.js";
import { flag, number, unitInterval } from "../hyperparameter.js";

/** Liu et al.'s length of the approximated simple moving average at this step, and its limit. */
function averageLength(beta2: number): { now: Expression; limit: number } {
  const limit = 2 / (1 - beta2) - 1;
  const decay = pow(beta2, step);
  return { limit, now: sub(limit, div(mul(mul(2, step), decay), sub(1, decay))) };
}

/** Whether the variance of the adaptive rate can be bounded: 1 or 0. torch's threshold, 5. */
export function isRectified(beta2: number): Expression {
  return greater(averageLength(beta2).now, 5);
}

/** The rectification term r of Liu et al., 2020, arXiv:1908.03265, algorithm 2; 1 while nothing is rectified. */
export function rectification(beta2: number): Expression {
  const { now, limit } = averageLength(beta2);
  const numerator = mul(mul(sub(now, 4), sub(now, 2)), limit);
  return select(greater(now, 5), sqrt(div(numerator, mul((limit - 4) * (limit - 2), now))), 1);
}

/** RAdam's factor. It stands apart from the direction because a trust ratio between them would cancel it. */
export const scaleByRectification = defineTransform({
  name: "scale_by_rectification",
  description: "RAdam's rectification factor, which grows to 1 as the mean of squared gradients settles.",
  hyperparameters: {
    beta2: number(0.999, unitInterval, "Share of the old mean of squared gradients kept at each step.", "per step"),
    rectify: flag(true, "Leave the division out while the mean square rests on too few gradients."),
  },
  identity: ({ rectify }) => !rectify,
  update: ({ update, hyper: { beta2 } }) => ({
    update: mul(rectification(beta2), update),
    report: { rectification: { value: rectification(beta2), over: "mean" } },
  }),
});
