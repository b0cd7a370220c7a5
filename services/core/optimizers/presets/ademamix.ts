import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { scaleByAdemamix } from "../transforms/scaleByAdemamix.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";

export const ademamix = definePreset({
  name: "ademamix",
  description: "Adam with a second, much slower mean of gradients.",
  formula:
    "m1 = beta1 m1 + (1 - beta1) g; m2 = beta3 m2 + (1 - beta3) g; v = beta2 v + (1 - beta2) g^2; theta = theta - learning_rate ((m1 / (1 - beta1^t) + alpha m2) / (sqrt(v / (1 - beta2^t)) + epsilon) + weight_decay theta)",
  source:
    "Pagliardini, Ablin and Grangier, 2024, The AdEMAMix Optimizer: Better, Faster, Older, arXiv:2409.03137. Its slow mean is made for long runs: beta3 .999 here, for fine-tuning has hundreds of steps. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(scaleByAdemamix), use(addDecayedWeights, { after_update: false }), use(scaleByLearningRate)],
  defaults: { learning_rate: 5e-5, beta3: 0.999 },
});
