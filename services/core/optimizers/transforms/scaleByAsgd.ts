import { defineTransform } from "../defineTransform.js";
import { add, mul, pow, scheduledLearningRate, step, sub } from "../expression.js";
import { nonNegative, number } from "../hyperparameter.js";

/** The step of averaged SGD: Polyak and Juditsky, 1992; semantics of torch.optim.ASGD, whose `lambd` decays every parameter. */
export const scaleByAsgd = defineTransform({
  name: "scale_by_asgd",
  description: "The decayed gradient times a rate that falls with the step.",
  hyperparameters: {
    lambd: number(1e-4, nonNegative, "Decay of every parameter, and how fast the learning rate falls."),
    alpha: number(0.75, nonNegative, "Power with which the learning rate falls."),
  },
  update({ update: g, parameter, hyper: { lambd, alpha } }) {
    const share = pow(add(1, mul(mul(lambd, scheduledLearningRate), sub(step, 1))), -alpha);
    return { update: mul(share, add(g, mul(lambd, parameter))) };
  },
});
