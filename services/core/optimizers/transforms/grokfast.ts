import { defineTransform } from "../defineTransform.js";
import { add, greater, lerp, mul, select, step } from "../expression.js";
import { nonNegative, number, unitInterval } from "../hyperparameter.js";

/** Grokfast-EMA: amplifies the slow part of the gradients. Lee et al., 2024, arXiv:2405.20233, algorithm 2. */
export const grokfast = defineTransform({
  name: "grokfast",
  description: "Adds a multiple of the slow mean of gradients to the gradient.",
  hyperparameters: {
    grokfast_alpha: number(0.98, unitInterval, "Share of the old slow mean kept at each step.", "per step"),
    grokfast_lambda: number(2, nonNegative, "How much of the slow mean is added; 0: nothing."),
  },
  identity: ({ grokfast_lambda }) => grokfast_lambda === 0,
  state: () => ({ slow: 0 }),
  update({ update: g, state, hyper: { grokfast_alpha, grokfast_lambda } }) {
    const slow = select(greater(step, 1), lerp(g, state.slow, grokfast_alpha), g);
    return { update: add(g, mul(grokfast_lambda, slow)), state: { slow } };
  },
});
