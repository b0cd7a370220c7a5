import { defineTransform } from "../defineTransform.js";
import { lerp } from "../expression.js";
import { number, unitInterval } from "../hyperparameter.js";

/** The exponential moving average of updates. */
export const scaleByMean = defineTransform({
  name: "scale_by_mean",
  description: "The exponential moving average of updates.",
  hyperparameters: {
    momentum: number(0.9, unitInterval, "Share of the old mean kept at each step; 0 switches the mean off.", "per step"),
  },
  state: () => ({ m: 0 }),
  identity: ({ momentum }) => momentum === 0,
  update({ update, state, hyper: { momentum } }) {
    const m = lerp(update, state.m, momentum);
    return { update: m, state: { m } };
  },
});
