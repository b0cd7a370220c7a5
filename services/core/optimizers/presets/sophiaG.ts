import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { scaleBySophia } from "../transforms/scaleBySophia.js";

export const sophiaG = definePreset({
  name: "sophia-g",
  description: "The mean gradient over an estimate of the Hessian's diagonal, each coordinate clipped.",
  formula:
    "every update_interval steps: h = beta2 h + (1 - beta2) B s^2, s the gradient for labels drawn from the model, B the examples of the step; m = beta1 m + (1 - beta1) g; theta = theta - learning_rate (sign(m) min(|m| / (rho h + epsilon), 1) + weight_decay theta)",
  source:
    "Liu et al., 2023, Sophia: A Scalable Stochastic Second-order Optimizer for Language Model Pre-training, arXiv:2305.14342. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(scaleBySophia), use(addDecayedWeights, { after_update: false }), use(scaleByLearningRate)],
  defaults: { learning_rate: 2e-5, weight_decay: 0.1 },
  conflicts: ["Every update_interval steps a second gradient is computed, which takes about as long as the step."],
});
