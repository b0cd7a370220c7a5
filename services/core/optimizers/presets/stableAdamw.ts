import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { scaleByStableAdam } from "../transforms/scaleByStableAdam.js";

export const stableAdamw = definePreset({
  name: "stable-adamw",
  description: "AdamW whose rate for a tensor falls where its mean square lags behind its gradients.",
  formula:
    "b = (beta^t - beta) / (beta^t - 1) for both betas; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; theta = theta - learning_rate / max(1, sqrt(mean(g^2 / max(v, epsilon^2)))) (m / (sqrt(v) + epsilon) + weight_decay theta)",
  source:
    "Wortsman et al., 2023, Stable and Low-Precision Training for Large-Scale Vision-Language Models, arXiv:2304.13013. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(scaleByStableAdam), use(scaleByLearningRate)],
  defaults: { learning_rate: 5e-5 },
});
