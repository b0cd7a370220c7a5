import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { cautious } from "../transforms/cautious.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { scaleByLion } from "../transforms/scaleByLion.js";

export const cautiousLion = definePreset({
  name: "cautious-lion",
  description: "Lion that keeps only the coordinates whose update agrees with the gradient.",
  formula:
    "u = sign(beta1 m + (1 - beta1) g); mask = (u g > 0); theta = theta - learning_rate (mask u / max(mean(mask), 1e-3) + weight_decay theta); m = beta2 m + (1 - beta2) g",
  source:
    "Liang et al., 2024, Cautious Optimizers: Improving Training with One Line of Code, arXiv:2411.16085. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(scaleByLion), use(cautious), use(addDecayedWeights, { after_update: false }), use(scaleByLearningRate)],
  defaults: { learning_rate: 1e-5, weight_decay: 0.1 },
});
