import { defineMatrixTransform } from "../defineMatrixTransform.js";
import { epsilons, number, unitInterval } from "../hyperparameter.js";
import { lerp, mean, scale, square } from "../matrixAlgebra.js";

/**
 * Adam-mini: Adam with one mean square for each row of a matrix, and one for a vector. Zhang et al., 2024, arXiv:2406.16793. The authors'
 * code goes by names: it takes query and key matrices by attention head, embeddings and the output by token, and most others by output
 * neuron. By output neuron, a row, is what needs no names; embeddings have a token in a row.
 */
export const scaleByAdamMini = defineMatrixTransform({
  name: "scale_by_adam_mini",
  description: "Adam's direction with one mean square for each row of a matrix, and for each vector.",
  hyperparameters: {
    beta1: number(0.9, unitInterval, "Share of the old mean of gradients kept at each step.", "per step"),
    beta2: number(0.999, unitInterval, "Share of the old mean of squared gradients kept at each step.", "per step"),
    epsilon: number(1e-8, epsilons, "Added to the root of the mean square, against division by zero."),
  },
  state: ({ rows, columns, isVector }) => ({ m: { rows, columns, initial: 0 }, v: { rows: isVector ? 1 : rows, columns: 1, initial: 0 } }),
  update({ algebra, update: g, state, hyper: { beta1, beta2, epsilon }, step }, { isVector }) {
    const m = lerp(algebra, g, state.m, beta1);
    const v = lerp(algebra, mean(algebra, square(algebra, g), isVector ? "all" : "columns"), state.v, beta2);
    const root = algebra.sqrt(scale(algebra, v, 1 / (1 - beta2 ** step)));
    const corrected = scale(algebra, m, 1 / (1 - beta1 ** step));
    return { update: algebra.div(corrected, algebra.add(root, algebra.constant(epsilon))), state: { m, v } };
  },
});
