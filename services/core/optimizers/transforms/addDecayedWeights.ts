import { defineTransform } from "../defineTransform.js";
import { add, decayed, learningRate, mul, sub } from "../expression.js";
import { decays, flag, number } from "../hyperparameter.js";

/** Decoupled weight decay: Loshchilov and Hutter, 2019, arXiv:1711.05101. The learning rate multiplies it, as in torch.optim.AdamW. */
export const addDecayedWeights = defineTransform({
  name: "add_decayed_weights",
  description: "Decoupled weight decay: adds decay times the parameter to the update.",
  hyperparameters: {
    weight_decay: number(0.01, decays, "Decoupled decay, multiplied by the learning rate; biases and norm gains are left out.", "per step"),
    after_update: flag(false, "Decay what the parameter is after the update instead of before it, as some papers' code does."),
  },
  identity: ({ weight_decay }) => weight_decay === 0,
  update({ update, parameter, hyper: { weight_decay, after_update } }) {
    const decay = mul(weight_decay, decayed);
    const kept = after_update ? mul(sub(1, mul(learningRate, decay)), update) : update;
    return { update: add(kept, mul(decay, parameter)) };
  },
});
