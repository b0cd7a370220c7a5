import { defineMatrixTransform } from "../defineMatrixTransform.js";
import { clipByRms, divideByRoot, followFactored } from "../factoredMean.js";
import { decays, epsilons, flag, learningRates, number, positive, unitInterval } from "../hyperparameter.js";
import { lerp, rootMeanSquare, scale, square } from "../matrixAlgebra.js";

/**
 * Adafactor: the gradient over a root mean square of which a matrix keeps the means of rows and columns only, clipped by its root mean
 * square. Shazeer and Stern, 2018, arXiv:1804.04235, algorithms 4 and 5; semantics of transformers.Adafactor. The learning rate is inside
 * the optional mean of updates, and a parameter's own scale inside the decay, so this ends a chain itself.
 */
export const scaleByAdafactor = defineMatrixTransform({
  name: "scale_by_adafactor",
  description: "Adafactor's step: the gradient over a factored root mean square, clipped; the end of a chain.",
  appliesLearningRate: true,
  hyperparameters: {
    learning_rate: number(1e-4, learningRates, "Peak learning rate; the schedule multiplies it.", "per step"),
    decay_rate: number(-0.8, { atLeast: -1, below: 0 }, "Step number t keeps a share of 1 - t^decay_rate of the old mean squares."),
    epsilon1: number(1e-30, epsilons, "Added to squared gradients, against division by zero."),
    epsilon2: number(1e-3, positive, "The least root mean square of a parameter that scale_parameter multiplies by."),
    clip_threshold: number(1, positive, "Updates with a larger root mean square are scaled down to it."),
    beta1: number(0, unitInterval, "Share of the old mean of updates kept at each step; 0: no mean, no memory for it.", "per step"),
    scale_parameter: flag(false, "Multiply the learning rate by each parameter's root mean square."),
    relative_step: flag(false, "Multiply the learning rate, to be 1 then, by 1 / sqrt(t), at most .01: Adafactor's own schedule."),
    warmup_init: flag(false, "With relative_step: at most t / 1,000,000 instead of .01."),
    weight_decay: number(0, decays, "Decoupled decay, multiplied by the learning rate; biases and norm gains are left out.", "per step"),
  },
  conflict({ relative_step, warmup_init, learning_rate }) {
    if (warmup_init && !relative_step) return { hyperparameter: "warmup_init", description: "true needs relative_step" };
    // Its own rates times one for fine-tuning would hardly move anything.
    if (relative_step && learning_rate !== 1)
      return { hyperparameter: "learning_rate", description: `${learning_rate} would multiply relative_step's own rates; set it to 1` };
    return undefined;
  },
  state: ({ rows, columns, isVector }, { beta1 }) => ({
    ...(isVector
      ? { v: { rows, columns, initial: 0 } }
      : { v_rows: { rows, columns: 1, initial: 0 }, v_columns: { rows: 1, columns, initial: 0 } }),
    ...(beta1 > 0 && { m: { rows, columns, initial: 0 } }),
  }),
  update({ algebra, update: g, parameter, state, hyper, step, learningRate, decayed }, { isVector }) {
    const { decay_rate, epsilon1, epsilon2, clip_threshold, beta1, scale_parameter, relative_step, warmup_init, weight_decay } = hyper;
    const kept = 1 - step ** decay_rate;
    const squares = algebra.add(square(algebra, g), algebra.constant(epsilon1));
    const { normalized, moments } = isVector ? byElement() : byRowsAndColumns();
    const relative = relative_step ? Math.min(warmup_init ? 1e-6 * step : 1e-2, 1 / Math.sqrt(step)) : 1;
    const scaling = scale_parameter ? algebra.max(rootMeanSquare(algebra, parameter), algebra.constant(epsilon2)) : algebra.constant(1);
    const rate = scale(algebra, scaling, -learningRate * relative);
    const scaled = algebra.mul(clipByRms(algebra, normalized, clip_threshold), rate);
    const m = beta1 > 0 ? lerp(algebra, scaled, state.m, beta1) : scaled;
    const decay = weight_decay * decayed;
    const update = decay > 0 ? algebra.add(m, algebra.mul(scale(algebra, rate, decay), parameter)) : m;
    return { update, state: { ...moments, ...(beta1 > 0 && { m }) } };

    function byElement() {
      const v = lerp(algebra, squares, state.v, kept);
      return { normalized: algebra.div(g, algebra.sqrt(v)), moments: { v } };
    }
    function byRowsAndColumns() {
      const mean = followFactored(algebra, squares, { rows: state.v_rows, columns: state.v_columns }, kept);
      return { normalized: divideByRoot(algebra, g, mean), moments: { v_rows: mean.rows, v_columns: mean.columns } };
    }
  },
});
