import { defineTransform } from "../defineTransform.js";
import { add, decayed, div, learningRate, mul } from "../expression.js";
import { decays, number } from "../hyperparameter.js";

/** Weight decay as a proximal step: the parameter after the update is divided by 1 + learning rate * decay. Xie et al., 2022, arXiv:2208.06677. */
export const addProximalDecay = defineTransform({
  name: "add_proximal_decay",
  description: "Weight decay as a proximal step after the update.",
  hyperparameters: {
    weight_decay: number(0.01, decays, "Decay, multiplied by the learning rate; biases and norm gains are left out.", "per step"),
  },
  identity: ({ weight_decay }) => weight_decay === 0,
  update({ update, parameter, hyper: { weight_decay } }) {
    const decay = mul(weight_decay, decayed);
    return { update: mul(div(1, add(1, mul(learningRate, decay))), add(update, mul(decay, parameter))) };
  },
});
