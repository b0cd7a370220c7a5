import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { cautious } from "../transforms/cautious.js";
import { plainAdam, scaleByAdam } from "../transforms/scaleByAdam.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";

export const cautiousAdamw = definePreset({
  name: "cautious-adamw",
  description: "AdamW that keeps only the coordinates whose update agrees with the gradient.",
  formula:
    "m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; u = m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon); mask = (u g > 0); theta = theta - learning_rate (mask u / max(mean(mask), 1e-3) + weight_decay theta)",
  source:
    "Liang et al., 2024, Cautious Optimizers: Improving Training with One Line of Code, arXiv:2411.16085. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(scaleByAdam, plainAdam), use(cautious), use(addDecayedWeights, { after_update: false }), use(scaleByLearningRate)],
  defaults: { learning_rate: 5e-5 },
});
