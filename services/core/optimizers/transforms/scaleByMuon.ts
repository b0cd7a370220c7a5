import { defineMatrixTransform } from "../defineMatrixTransform.js";
import { choice, epsilons, flag, integer, number, unitInterval } from "../hyperparameter.js";
import { lerp, type MatrixAlgebra, scale, square } from "../matrixAlgebra.js";

/** Of Jordan's quintic: singular values between 0 and 1 go to about 1 within five steps, to between .7 and 1.2 at the worst. */
const coefficients = { a: 3.4445, b: -4.775, c: 2.0315 };

/**
 * Muon: the mean of gradients B, or with `nesterov` (1 - momentum) g + momentum B, with its singular values brought towards 1 by
 * Newton-Schulz steps X = a X + (b A + c A^2) X, A = X X^T. Jordan et al., 2024, Muon: An optimizer for hidden layers in neural networks;
 * as torch.optim.Muon, but for its bfloat16: float32 here. Rates for tall matrices as there, or as Liu et al., 2025, arXiv:2502.16982.
 */
export const scaleByMuon = defineMatrixTransform({
  name: "scale_by_muon",
  description: "Muon's direction: the mean of gradients, made nearly orthogonal by Newton-Schulz steps.",
  hyperparameters: {
    momentum: number(0.95, unitInterval, "Share of the old mean of gradients kept at each step.", "per step"),
    nesterov: flag(true, "Look ahead: mix the gradient into the mean once more."),
    ns_steps: integer(5, { atLeast: 1, atMost: 99 }, "Newton-Schulz steps."),
    epsilon: number(1e-7, epsilons, "The least norm that the mean is divided by before the Newton-Schulz steps."),
    adjust_learning_rate: choice(
      ["original", "match_rms_adamw"],
      "What the learning rate of a matrix is multiplied by: the root of rows over columns where that is above 1, or .2 times the root of " +
        "the longer side, which makes updates as large as AdamW's.",
    ),
  },
  state: ({ rows, columns }) => ({ m: { rows, columns, initial: 0 } }),
  update({ algebra, update: g, state, hyper }, { rows, columns }) {
    const { momentum, nesterov, ns_steps, epsilon, adjust_learning_rate } = hyper;
    const m = lerp(algebra, g, state.m, momentum);
    const direction = nesterov ? lerp(algebra, g, m, momentum) : m;
    const ratio = adjust_learning_rate === "original" ? Math.sqrt(Math.max(1, rows / columns)) : 0.2 * Math.sqrt(Math.max(rows, columns));
    return { update: scale(algebra, nearlyOrthogonal(algebra, direction, ns_steps, epsilon), ratio), state: { m } };
  },
});

/** On the shorter side of the matrix, where products are smaller. */
function nearlyOrthogonal<M>(algebra: MatrixAlgebra<M>, matrix: M, steps: number, epsilon: number): M {
  const [rows, columns] = algebra.shape(matrix);
  if (rows > columns) return algebra.transpose(nearlyOrthogonal(algebra, algebra.transpose(matrix), steps, epsilon));
  const norm = algebra.sqrt(algebra.sum(square(algebra, matrix), "all"));
  let x = algebra.div(matrix, algebra.max(norm, algebra.constant(epsilon)));
  for (let at = 0; at < steps; at++) {
    const gram = algebra.matmul(x, x, false, true);
    const polynomial = algebra.add(scale(algebra, gram, coefficients.b), scale(algebra, algebra.matmul(gram, gram), coefficients.c));
    x = algebra.add(scale(algebra, x, coefficients.a), algebra.matmul(polynomial, x));
  }
  return x;
}
