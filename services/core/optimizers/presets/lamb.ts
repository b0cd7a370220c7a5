import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { plainAdam, scaleByAdam } from "../transforms/scaleByAdam.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { scaleByTrustRatio } from "../transforms/scaleByTrustRatio.js";

export const lamb = definePreset({
  name: "lamb",
  description: "Adam with decoupled decay whose update of each tensor gets the norm of its parameter.",
  formula:
    "m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; u = m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) + weight_decay theta; r = |theta| / |u|, 1 where either is 0; theta = theta - learning_rate r u",
  source:
    "You et al., 2020, Large Batch Optimization for Deep Learning: Training BERT in 76 minutes, arXiv:1904.00962; semantics of timm's Lamb without clipping. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [
    use(scaleByAdam, plainAdam),
    use(addDecayedWeights, { after_update: false }),
    use(scaleByTrustRatio, { max_trust_ratio: 0 }),
    use(scaleByLearningRate),
  ],
  defaults: { learning_rate: 1e-3, epsilon: 1e-6 },
  conflicts: ["With weight_decay 0 no parameter has a trust ratio unless always_adapt is true: it is Adam then."],
});
