import { defineTransform } from "../defineTransform.js";
import { add, decayed, mul } from "../expression.js";
import { decays, number } from "../hyperparameter.js";

/** L2 regularisation: the decay goes through the optimizer with the gradient, as `weight_decay` of torch's SGD, Adam and RMSprop does. */
export const coupledDecay = defineTransform({
  name: "coupled_decay",
  description: "L2 regularisation: adds decay times the parameter to the gradient.",
  hyperparameters: {
    weight_decay: number(0, decays, "L2 penalty added to the gradient; biases and norm gains are left out."),
  },
  identity: ({ weight_decay }) => weight_decay === 0,
  update: ({ update, parameter, hyper: { weight_decay } }) => ({
    update: add(update, mul(mul(weight_decay, decayed), parameter)),
  }),
});
