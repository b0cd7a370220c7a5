import { defineTransform } from "../defineTransform.js";
import { add, decayed, div, greater, mul, norm, select } from "../expression.js";
import { decays, nonNegative, number, positive } from "../hyperparameter.js";

/**
 * LARS: the gradient, with coupled decay, times a local rate for each tensor. You et al., 2017, arXiv:1708.03888, equation 6. Parameters
 * without weight decay are left as they are, as in timm.
 */
export const scaleByLars = defineTransform({
  name: "scale_by_lars",
  description: "LARS: the decayed gradient of each tensor times a local learning rate from the norms of parameter and gradient.",
  hyperparameters: {
    weight_decay: number(1e-4, decays, "L2 penalty added to the gradient; biases and norm gains are left out and not adapted.", "per step"),
    trust_coefficient: number(1e-3, positive, "How much of a parameter's norm one step may change."),
    epsilon: number(1e-8, nonNegative, "Added to the norm of the gradient, against division by zero."),
  },
  identity: ({ weight_decay }) => weight_decay === 0,
  update({ update: g, parameter, hyper: { weight_decay, trust_coefficient, epsilon } }) {
    const [length, gradientLength] = [norm(parameter), norm(g)];
    const known = mul(greater(length, 0), greater(gradientLength, 0));
    const rate = div(mul(trust_coefficient, length), add(add(gradientLength, mul(weight_decay, length)), epsilon));
    const ratio = select(mul(decayed, known), rate, 1);
    const reported = select(mul(decayed, known), rate, Number.NaN);
    return {
      update: mul(ratio, add(g, mul(mul(weight_decay, decayed), parameter))),
      report: { trust_ratio_min: { value: reported, over: "min" }, trust_ratio_max: { value: reported, over: "max" } },
    };
  },
});
