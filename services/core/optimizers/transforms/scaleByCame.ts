import { defineMatrixTransform } from "../defineMatrixTransform.js";
import { clipByRms, divideByRoot, followFactored } from "../factoredMean.js";
import { epsilons, number, positive, unitInterval } from "../hyperparameter.js";
import { lerp, square } from "../matrixAlgebra.js";

/**
 * CAME: Adafactor's update, averaged, over the root of how far updates stray from that average. Luo et al., 2023, arXiv:2307.02047,
 * algorithm 2. Of both mean squares a matrix keeps the means of rows and columns only; vectors keep the first in full and have no second.
 */
export const scaleByCame = defineMatrixTransform({
  name: "scale_by_came",
  description: "The mean of Adafactor's updates over the root of how far they stray from it.",
  hyperparameters: {
    beta1: number(0.9, unitInterval, "Share of the old mean of updates kept at each step.", "per step"),
    beta2: number(0.999, unitInterval, "Share of the old mean of squared gradients kept at each step.", "per step"),
    beta3: number(0.9999, unitInterval, "Share of the old mean of the updates' instability kept at each step.", "per step"),
    epsilon1: number(1e-30, epsilons, "Added to squared gradients, against division by zero."),
    epsilon2: number(1e-16, epsilons, "Added to squared differences between updates and their mean."),
    clip_threshold: number(1, positive, "Updates with a larger root mean square are scaled down to it."),
  },
  state: ({ rows, columns, isVector }) => {
    const whole = { rows, columns, initial: 0 };
    const [eachRow, eachColumn] = [
      { ...whole, columns: 1 },
      { ...whole, rows: 1 },
    ];
    return isVector
      ? { m: whole, v: whole }
      : { m: whole, v_rows: eachRow, v_columns: eachColumn, instability_rows: eachRow, instability_columns: eachColumn };
  },
  update({ algebra, update: g, state, hyper }, { isVector }) {
    const { beta1, beta2, beta3, epsilon1, epsilon2, clip_threshold } = hyper;
    const squares = algebra.add(square(algebra, g), algebra.constant(epsilon1));
    if (isVector) {
      const v = lerp(algebra, squares, state.v, beta2);
      const m = lerp(algebra, clipByRms(algebra, algebra.div(g, algebra.sqrt(v)), clip_threshold), state.m, beta1);
      return { update: m, state: { m, v } };
    }
    const v = followFactored(algebra, squares, { rows: state.v_rows, columns: state.v_columns }, beta2);
    const u = clipByRms(algebra, divideByRoot(algebra, g, v), clip_threshold);
    const m = lerp(algebra, u, state.m, beta1);
    const strayed = algebra.add(square(algebra, algebra.sub(u, m)), algebra.constant(epsilon2));
    const instability = followFactored(algebra, strayed, { rows: state.instability_rows, columns: state.instability_columns }, beta3);
    return {
      update: divideByRoot(algebra, m, instability),
      state: {
        m,
        v_rows: v.rows,
        v_columns: v.columns,
        instability_rows: instability.rows,
        instability_columns: instability.columns,
      },
    };
  },
});
