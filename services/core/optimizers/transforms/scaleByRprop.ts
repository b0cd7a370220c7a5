import { defineTransform } from "../defineTransform.js";
import { clamp, greater, mul, neg, select, sign } from "../expression.js";
import { learningRates, number, type NumberRange, positive } from "../hyperparameter.js";

const below1: NumberRange = { above: 0, below: 1 };
const above1: NumberRange = { above: 1 };

/**
 * Resilient backpropagation: a step size for each coordinate that grows while the gradient keeps its sign. Riedmiller and Braun, 1993; semantics
 * of torch.optim.Rprop. The learning rate is the first step size only, so this ends a chain itself and a schedule does not change it.
 */
export const scaleByRprop = defineTransform({
  name: "scale_by_rprop",
  description: "The gradient's sign times a step size of each coordinate's own; the end of a chain.",
  appliesLearningRate: true,
  hyperparameters: {
    learning_rate: number(1e-4, learningRates, "The first step size of each coordinate; a schedule does not change it.", "per step"),
    eta_minus: number(0.5, below1, "Multiplies the step size where the gradient changed its sign."),
    eta_plus: number(1.2, above1, "Multiplies the step size where the gradient kept its sign."),
    min_step: number(1e-6, positive, "The least step size.", "per step"),
    max_step: number(50, positive, "The largest step size.", "per step"),
  },
  conflict: ({ min_step, max_step }) =>
    min_step > max_step ? { hyperparameter: "min_step", description: `${min_step} is above max_step, which is ${max_step}` } : undefined,
  state: ({ learning_rate }) => ({ previous: 0, step_size: learning_rate }),
  update({ update: g, state, hyper: { eta_minus, eta_plus, min_step, max_step } }) {
    const agreement = mul(g, state.previous);
    const [same, reversed] = [greater(agreement, 0), greater(0, agreement)];
    const size = clamp(mul(select(same, eta_plus, select(reversed, eta_minus, 1)), state.step_size), min_step, max_step);
    const taken = select(reversed, 0, g);
    return { update: neg(mul(sign(taken), size)), state: { previous: taken, step_size: size } };
  },
});
