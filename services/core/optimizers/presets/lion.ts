import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { scaleByLion } from "../transforms/scaleByLion.js";

export const lion = definePreset({
  name: "lion",
  description: "The sign of an interpolation between momentum and gradient: found by a search over programs.",
  formula: "u = sign(beta1 m + (1 - beta1) g); theta = theta - learning_rate (u + weight_decay theta); m = beta2 m + (1 - beta2) g",
  source:
    "Chen et al., 2023, Symbolic Discovery of Optimization Algorithms, arXiv:2302.06675; a third to a tenth of AdamW's rate, as its section 5 advises. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(scaleByLion), use(addDecayedWeights, { after_update: false }), use(scaleByLearningRate)],
  defaults: { learning_rate: 1e-5, weight_decay: 0.1 },
});
