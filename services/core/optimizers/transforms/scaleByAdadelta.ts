import { defineTransform } from "../defineTransform.js";
import { add, div, lerp, mul, sqrt, square } from "../expression.js";
import { epsilons, number, unitInterval } from "../hyperparameter.js";

/** Adadelta: Zeiler, 2012, arXiv:1212.5701, algorithm 1; the new mean of squared gradients in the denominator, as torch.optim.Adadelta. */
export const scaleByAdadelta = defineTransform({
  name: "scale_by_adadelta",
  description: "The gradient times the root mean square of past updates over that of gradients.",
  hyperparameters: {
    rho: number(0.9, unitInterval, "Share of the old means of squares kept at each step.", "per step"),
    epsilon: number(1e-6, epsilons, "Added under both roots."),
  },
  state: () => ({ v: 0, delta: 0 }),
  update({ update: g, state, hyper: { rho, epsilon } }) {
    const v = lerp(square(g), state.v, rho);
    const update = mul(div(sqrt(add(state.delta, epsilon)), sqrt(add(v, epsilon))), g);
    return { update, state: { v, delta: lerp(square(update), state.delta, rho) } };
  },
});
