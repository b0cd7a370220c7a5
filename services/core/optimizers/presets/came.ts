import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { scaleByCame } from "../transforms/scaleByCame.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";

export const came = definePreset({
  name: "came",
  description: "Adafactor with a mean of its updates, trusted less where updates stray from it.",
  formula:
    "u = Adafactor's clipped update with beta2; m = beta1 m + (1 - beta1) u; S = factored mean of (u - m)^2 + epsilon2 with beta3; theta = theta - learning_rate (m / sqrt(S) + weight_decay theta); vectors: m alone",
  source:
    "Luo et al., 2023, CAME: Confidence-guided Adaptive Memory Efficient Optimization, arXiv:2307.02047; hyperparameters of the authors' code. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(scaleByCame), use(addDecayedWeights, { after_update: false }), use(scaleByLearningRate)],
  defaults: { learning_rate: 2e-5 },
});
