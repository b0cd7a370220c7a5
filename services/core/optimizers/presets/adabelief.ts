import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { scaleByAdabelief } from "../transforms/scaleByAdabelief.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";

export const adabelief = definePreset({
  name: "adabelief",
  description: "Adam that divides by how far gradients stray from their mean.",
  formula:
    "m = beta1 m + (1 - beta1) g; s = beta2 s + (1 - beta2) (g - m)^2 + epsilon; theta = theta - learning_rate (m / (1 - beta1^t) / (sqrt(s / (1 - beta2^t)) + epsilon) + weight_decay theta)",
  source:
    "Zhuang et al., 2020, AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed Gradients, arXiv:2010.07468; semantics of the authors' code. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(scaleByAdabelief), use(addDecayedWeights, { after_update: false }), use(scaleByLearningRate)],
  defaults: { learning_rate: 5e-5 },
});
