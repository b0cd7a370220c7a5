import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { decays, flag, number } from "../hyperparameter.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { addProximalDecay } from "../transforms/addProximalDecay.js";
import { scaleByAdan } from "../transforms/scaleByAdan.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";

export const adan = definePreset({
  name: "adan",
  description: "Adaptive Nesterov momentum from gradients and their differences.",
  formula:
    "d = g - g_previous; m = beta1 m + (1 - beta1) g; y = beta2 y + (1 - beta2) d; n = beta3 n + (1 - beta3) (g + beta2 d)^2; u = (m / (1 - beta1^t) + beta2 y / (1 - beta2^t)) / (sqrt(n / (1 - beta3^t)) + epsilon); theta = (theta - learning_rate u) / (1 + learning_rate weight_decay), with no_prox theta - learning_rate (u + weight_decay theta)",
  source:
    "Xie et al., 2022, Adan: Adaptive Nesterov Momentum Algorithm for Faster Optimizing Deep Models, arXiv:2208.06677; semantics of the authors' code. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [
    use(scaleByAdan),
    use(addProximalDecay, ({ no_prox, weight_decay = 0 }) => ({ weight_decay: no_prox ? 0 : weight_decay })),
    use(addDecayedWeights, ({ no_prox, weight_decay = 0 }) => ({ weight_decay: no_prox ? weight_decay : 0, after_update: false })),
    use(scaleByLearningRate),
  ],
  hyperparameters: {
    no_prox: flag(false, "Decay beside the update instead of after it."),
    weight_decay: number(0.02, decays, "Decay, multiplied by the learning rate; biases and norm gains are left out.", "per step"),
  },
  defaults: { learning_rate: 1e-4, weight_decay: 0.02 },
});
