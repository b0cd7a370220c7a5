import { defineTransform } from "../defineTransform.js";
import { add, mul } from "../expression.js";
import { decays, number } from "../hyperparameter.js";

/** Decoupled weight decay: Loshchilov and Hutter, 2019, arXiv:1711.05101. The learning rate multiplies it, as in torch.optim.AdamW. */
export const addDecayedWeights = defineTransform({
  name: "add_decayed_weights",
  hyperparameters: {
    weight_decay: number(0.01, decays, "Decoupled decay, multiplied by the learning rate; biases and norm gains are left out.", "per step"),
  },
  identity: ({ weight_decay }) => weight_decay === 0,
  update: ({ update, parameter, hyper: { weight_decay }, decayed }) => ({
    update: add(update, mul(mul(weight_decay, decayed), parameter)),
  }),
});
