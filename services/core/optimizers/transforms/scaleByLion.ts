import { defineTransform } from "../defineTransform.js";
import { lerp, sign } from "../expression.js";
import { number, unitInterval } from "../hyperparameter.js";

/** Lion: the sign of one mean of gradients, while another is kept. Chen et al., 2023, arXiv:2302.06675, program 1. */
export const scaleByLion = defineTransform({
  name: "scale_by_lion",
  description: "The sign of an interpolation between the mean of gradients and the gradient.",
  hyperparameters: {
    beta1: number(0.9, unitInterval, "Share of the mean of gradients in the direction."),
    beta2: number(0.99, unitInterval, "Share of the old mean of gradients kept at each step.", "per step"),
  },
  state: () => ({ m: 0 }),
  update: ({ update: g, state, hyper: { beta1, beta2 } }) => ({
    update: sign(lerp(g, state.m, beta1)),
    state: { m: lerp(g, state.m, beta2) },
  }),
});
