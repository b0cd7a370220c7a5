import { defineTransform } from "../defineTransform.js";
import { add, greater, mul, select, step } from "../expression.js";
import { flag, number, unitInterval, type NumberRange } from "../hyperparameter.js";

const dampeningRange: NumberRange = { atLeast: 0, atMost: 1 };

/**
 * Momentum as torch.optim.SGD has it: a decaying sum of updates, which starts at the first one undampened.
 * Polyak, 1964; nesterov: Sutskever et al., 2013, "On the importance of initialization and momentum in deep learning".
 */
export const trace = defineTransform({
  name: "trace",
  description: "Momentum: a decaying sum of updates, optionally Nesterov's.",
  hyperparameters: {
    momentum: number(0.9, unitInterval, "Share of the old velocity kept at each step; 0 switches momentum off.", "per step"),
    dampening: number(0, dampeningRange, "How much of each gradient after the first is kept out of the velocity."),
    nesterov: flag(false, "Look ahead: add the gradient to the velocity once more. Needs momentum and no dampening."),
  },
  state: () => ({ velocity: 0 }),
  identity: ({ momentum }) => momentum === 0,
  conflict: ({ momentum, dampening, nesterov }) =>
    nesterov && (momentum === 0 || dampening !== 0)
      ? { hyperparameter: "nesterov", description: `true needs momentum above 0 and dampening 0; they are ${momentum} and ${dampening}` }
      : undefined,
  update({ update: g, state, hyper: { momentum, dampening, nesterov } }) {
    const share = select(greater(step, 1), 1 - dampening, 1);
    const velocity = add(mul(momentum, state.velocity), mul(share, g));
    return { update: nesterov ? add(g, mul(momentum, velocity)) : velocity, state: { velocity } };
  },
});
