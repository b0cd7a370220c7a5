import { defineTransform } from "../defineTransform.js";
import { add, decayed, div, mul, norm, select, sqrt, square } from "../expression.js";
import { decays, epsilons, flag, number, unitInterval } from "../hyperparameter.js";

/**
 * NovoGrad: momentum over gradients that are normalised by one moment for each tensor; the decay goes through the momentum. Ginsburg et al.,
 * 2019, arXiv:1905.11286, algorithm 1; the first step as in NVIDIA's code.
 */
export const scaleByNovograd = defineTransform({
  name: "scale_by_novograd",
  description: "Momentum over gradients normalised by a moving norm of their tensor.",
  hyperparameters: {
    beta1: number(0.95, unitInterval, "Share of the old momentum kept at each step.", "per step"),
    beta2: number(0.98, unitInterval, "Share of the old squared norm kept at each step.", "per step"),
    epsilon: number(1e-8, epsilons, "Added to the norm, against division by zero."),
    weight_decay: number(0.001, decays, "Added to the normalised gradient; biases and norm gains are left out.", "per step"),
    gradient_averaging: flag(false, "Multiply what is added to the momentum by 1 - beta1."),
  },
  state: () => ({ m: 0 }),
  remembered: () => ({ v: { initial: 0, scope: "tensor" } }),
  update({ update: g, parameter, state, remembered, hyper: { beta1, beta2, epsilon, weight_decay, gradient_averaging } }) {
    const squared = square(norm(g));
    const v = select(remembered.v, add(mul(beta2, remembered.v), mul(1 - beta2, squared)), squared);
    const normalized = add(div(g, add(sqrt(v), epsilon)), mul(mul(weight_decay, decayed), parameter));
    const m = add(mul(beta1, state.m), gradient_averaging ? mul(1 - beta1, normalized) : normalized);
    return { update: m, state: { m }, remembered: { v } };
  },
});
