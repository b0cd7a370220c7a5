import { defineTransform } from "../defineTransform.js";
import { add, div, mul, sqrt, square, step, sub } from "../expression.js";
import { epsilons, nonNegative, number } from "../hyperparameter.js";

/** Adagrad: Duchi, Hazan and Singer, 2011; semantics of torch.optim.Adagrad. */
export const scaleByAdagrad = defineTransform({
  name: "scale_by_adagrad",
  description: "The gradient over the root of the sum of all squared gradients so far.",
  hyperparameters: {
    initial_accumulator: number(0, nonNegative, "What the sum of squares starts with."),
    learning_rate_decay: number(0, nonNegative, "The learning rate is divided by 1 + this times the steps before.", "per step"),
    epsilon: number(1e-10, epsilons, "Added to the root of the sum, against division by zero."),
  },
  state: ({ initial_accumulator }) => ({ sum: initial_accumulator }),
  update({ update: g, state, hyper: { learning_rate_decay, epsilon } }) {
    const sum = add(state.sum, square(g));
    const share = div(1, add(1, mul(sub(step, 1), learning_rate_decay)));
    return { update: mul(share, div(g, add(sqrt(sum), epsilon))), state: { sum } };
  },
});
