import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { scaleByYogi } from "../transforms/scaleByYogi.js";

export const yogi = definePreset({
  name: "yogi",
  description: "Adam whose mean square grows and shrinks by at most the squared gradient.",
  formula:
    "m = beta1 m + (1 - beta1) g; v = v - (1 - beta2) sign(v - g^2) g^2; theta = theta - learning_rate (m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) + weight_decay theta)",
  source:
    "Zaheer et al., 2018, Adaptive Methods for Nonconvex Optimization, NeurIPS; semantics of optax.yogi. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(scaleByYogi), use(addDecayedWeights, { after_update: false }), use(scaleByLearningRate)],
  defaults: { learning_rate: 1e-3, weight_decay: 0 },
});
