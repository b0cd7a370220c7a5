import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { scaleByMean } from "../transforms/scaleByMean.js";
import { scaleBySign } from "../transforms/scaleBySign.js";

export const signum = definePreset({
  name: "signum",
  description: "The sign of the mean of gradients.",
  formula: "m = momentum m + (1 - momentum) g; theta = theta - learning_rate (sign(m) + weight_decay theta)",
  source:
    "Bernstein et al., 2018, signSGD: Compressed Optimisation for Non-Convex Problems, arXiv:1802.04434. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(scaleByMean), use(scaleBySign), use(addDecayedWeights, { after_update: false }), use(scaleByLearningRate)],
  defaults: { learning_rate: 1e-5, weight_decay: 0 },
});
