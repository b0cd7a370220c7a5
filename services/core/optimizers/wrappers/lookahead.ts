import { defineWrapper } from "../defineWrapper.js";
import { add, isZero, mod, mul, select, step, sub } from "../expression.js";
import { atLeastOne, integer, number, type NumberRange } from "../hyperparameter.js";

const share: NumberRange = { above: 0, atMost: 1 };

/** Lookahead: slow weights that follow the optimizer's now and then, and pull them back. Zhang et al., 2019, arXiv:1907.08610, algorithm 1. */
export const lookahead = defineWrapper({
  name: "lookahead",
  description: "Every few steps slow weights move a share of the way to the fast ones, which go on from there.",
  hyperparameters: {
    lookahead_steps: integer(6, atLeastOne, "Steps from one synchronisation to the next.", "steps"),
    lookahead_alpha: number(0.5, share, "Share of the way that the slow weights move."),
  },
  state: () => ({ slow: "parameter" }),
  after({ updated, state, hyper: { lookahead_steps, lookahead_alpha } }) {
    const isDue = isZero(mod(step, lookahead_steps));
    const slow = add(state.slow, mul(lookahead_alpha, sub(updated, state.slow)));
    return { parameter: select(isDue, slow, updated), state: { slow: select(isDue, slow, state.slow) } };
  },
});
