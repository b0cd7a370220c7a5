import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { scaleByLaprop } from "../transforms/scaleByLaprop.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";

export const laprop = definePreset({
  name: "laprop",
  description: "Normalises each gradient first and averages then, where Adam does it the other way round.",
  formula:
    "v = beta2 v + (1 - beta2) g^2; n = g / (sqrt(v / (1 - beta2^t)) + epsilon); m = beta1 m + (1 - beta1) learning_rate n; w = beta1 w + (1 - beta1) learning_rate, at a constant rate learning_rate (1 - beta1^t); theta = (theta - learning_rate m / w) (1 - learning_rate weight_decay)",
  source:
    "Ziyin, Wang and Ueda, 2020, LaProp: Separating Momentum and Adaptivity in Adam, arXiv:2002.04839; semantics of the authors' code. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(scaleByLaprop), use(addDecayedWeights, { after_update: true }), use(scaleByLearningRate)],
  defaults: { learning_rate: 5e-5 },
});
