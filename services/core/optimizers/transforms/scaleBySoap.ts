import { defineMatrixTransform, type MatrixShape } from "../defineMatrixTransform.js";
import { atLeastOne, decays, epsilons, integer, nonNegative, number, unitInterval } from "../hyperparameter.js";
import { lerp, type MatrixAlgebra, scale, square } from "../matrixAlgebra.js";

/**
 * SOAP: Adam in the eigenbasis of Shampoo's preconditioner. Vyas et al., 2024, arXiv:2409.11321, algorithm 3, in the order of the authors'
 * code: the first step only makes the eigenbases; the decay comes after the update, the new eigenbases after both. Sides of a matrix longer
 * than `max_precondition_size` keep their own axes, vectors are Adam's. Directions that no gradient has had are 0 over 0: rounding moves the
 * parameter there, by less than the learning rate while gradients are rounded to less than epsilon.
 */
export const scaleBySoap = defineMatrixTransform({
  name: "scale_by_soap",
  description: "Adam's direction in the eigenbasis of the averaged g g^T and g^T g; with the decay after it.",
  hyperparameters: {
    beta1: number(0.95, unitInterval, "Share of the old mean of gradients kept at each step.", "per step"),
    beta2: number(0.95, unitInterval, "Share of the old mean of squared gradients kept at each step.", "per step"),
    epsilon: number(1e-8, epsilons, "Added to the root of the mean square, against division by zero."),
    shampoo_beta: number(0, unitInterval, "Share of the old averages of g g^T and g^T g kept at each step; 0: as beta2.", "per step"),
    precondition_frequency: integer(10, atLeastOne, "Steps from one refreshment of the eigenbases to the next.", "steps"),
    max_precondition_size: integer(10_000, nonNegative, "The longest side that gets an eigenbasis.", "elements"),
    weight_decay: number(0.01, decays, "Decoupled decay, multiplied by the learning rate; biases and norm gains are left out.", "per step"),
  },
  state: (shape, { max_precondition_size }) => {
    const { rows, columns } = shape;
    const { left, right } = preconditioned(shape, max_precondition_size);
    const whole = { rows, columns, initial: 0 };
    const [byRows, byColumns] = [rows, columns].map((side) => ({ rows: side, columns: side, initial: 0 }));
    return {
      m: whole,
      v: whole,
      ...(left && { left_statistics: byRows, left_basis: byRows }),
      ...(right && { right_statistics: byColumns, right_basis: byColumns }),
    };
  },
  update({ algebra, update: g, parameter, state, hyper, step, learningRate, decayed }, shape) {
    const { beta1, beta2, epsilon, shampoo_beta, precondition_frequency, max_precondition_size, weight_decay } = hyper;
    const { left, right } = preconditioned(shape, max_precondition_size);
    const kept = shampoo_beta === 0 ? beta2 : shampoo_beta;
    const followed = {
      ...(left && {
        left: { statistics: lerp(algebra, algebra.matmul(g, g, false, true), state.left_statistics, kept), basis: state.left_basis },
      }),
      ...(right && {
        right: { statistics: lerp(algebra, algebra.matmul(g, g, true), state.right_statistics, kept), basis: state.right_basis },
      }),
    };
    // Adam's steps begin with the second one.
    const adamStep = step - 1;
    if (adamStep === 0)
      return { update: algebra.zeros(shape.rows, shape.columns), state: { m: state.m, v: state.v, ...toStates(begin(algebra, followed)) } };

    const m = lerp(algebra, g, state.m, beta1);
    const v = lerp(algebra, square(algebra, rotate(algebra, g, followed)), state.v, beta2);
    const direction = algebra.div(rotate(algebra, m, followed), algebra.add(algebra.sqrt(v), algebra.constant(epsilon)));
    const correction = Math.sqrt(1 - beta2 ** adamStep) / (1 - beta1 ** adamStep);
    const adam = scale(algebra, rotateBack(algebra, direction, followed), correction);
    // What is left of the parameter after the update decays: (p - rate u) (1 - rate decay).
    const decay = weight_decay * decayed;
    const update = decay > 0 ? algebra.add(scale(algebra, adam, 1 - learningRate * decay), scale(algebra, parameter, decay)) : adam;
    const next = adamStep % precondition_frequency === 0 ? refresh(algebra, v, followed) : { v, sides: followed };
    return { update, state: { m, v: next.v, ...toStates(next.sides) } };
  },
});

/** The averaged g g^T (left) or g^T g (right), and its eigenvectors as columns. */
interface Side<M> {
  readonly statistics: M;
  readonly basis: M;
}

interface Sides<M> {
  readonly left?: Side<M>;
  readonly right?: Side<M>;
}

/** Which sides of a parameter get an eigenbasis. */
function preconditioned({ rows, columns, isVector }: MatrixShape, longest: number): { left: boolean; right: boolean } {
  return { left: !isVector && rows <= longest, right: !isVector && columns <= longest };
}

function toStates<M>({ left, right }: Sides<M>) {
  return {
    ...(left && { left_statistics: left.statistics, left_basis: left.basis }),
    ...(right && { right_statistics: right.statistics, right_basis: right.basis }),
  };
}

/** Into the eigenbases: Q_left^T a Q_right. */
function rotate<M>(algebra: MatrixAlgebra<M>, a: M, { left, right }: Sides<M>): M {
  const half = left ? algebra.matmul(left.basis, a, true) : a;
  return right ? algebra.matmul(half, right.basis) : half;
}

function rotateBack<M>(algebra: MatrixAlgebra<M>, a: M, { left, right }: Sides<M>): M {
  const half = left ? algebra.matmul(left.basis, a) : a;
  return right ? algebra.matmul(half, right.basis, false, true) : half;
}

/** The first eigenbases. */
function begin<M>(algebra: MatrixAlgebra<M>, { left, right }: Sides<M>): Sides<M> {
  const side = ({ statistics }: Side<M>): Side<M> => ({ statistics, basis: algebra.eigenvectors(statistics) });
  return { ...(left && { left: side(left) }), ...(right && { right: side(right) }) };
}

/** One step of orthogonal iteration on each side; the mean squares follow where the columns' order changes. */
function refresh<M>(algebra: MatrixAlgebra<M>, v: M, { left, right }: Sides<M>): { v: M; sides: Sides<M> } {
  const side = ({ statistics, basis }: Side<M>) => {
    const product = algebra.matmul(statistics, basis);
    const order = algebra.order(algebra.sum(algebra.mul(basis, product), "rows"));
    return { order, refreshed: { statistics, basis: algebra.orthogonalize(algebra.permute(product, order, "columns")) } };
  };
  const [onLeft, onRight] = [left && side(left), right && side(right)];
  const byRows = onLeft ? algebra.permute(v, onLeft.order, "rows") : v;
  return {
    v: onRight ? algebra.permute(byRows, onRight.order, "columns") : byRows,
    sides: { ...(onLeft && { left: onLeft.refreshed }), ...(onRight && { right: onRight.refreshed }) },
  };
}
