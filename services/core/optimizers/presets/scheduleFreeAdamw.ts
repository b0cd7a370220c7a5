import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { scaleByRms } from "../transforms/scaleByRms.js";
import { scheduleFree } from "../wrappers/scheduleFree.js";

export const scheduleFreeAdamw = definePreset({
  name: "schedule-free-adamw",
  description: "AdamW without a schedule: trains between a fast iterate and its average, evaluates the average.",
  formula:
    "v = beta2 v + (1 - beta2) g^2; u = g / (sqrt(v / (1 - beta2^t)) + epsilon) + weight_decay y; z = z - learning_rate u; x = (1 - c) x + c z, c = w_t / (w_1 + ... + w_t), w_t = t^r (largest learning rate)^weight_lr_power; y = (1 - beta1) z + beta1 x; the gradient is taken at y, the model evaluated at x",
  source:
    "Defazio et al., 2024, The Road Less Scheduled, arXiv:2405.15682; semantics of the authors' code. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [
    use(scaleByRms, { centered: false, bias_correction: true }, { alpha: "beta2" }),
    use(addDecayedWeights, { after_update: false }),
    use(scaleByLearningRate),
    use(scheduleFree),
  ],
  defaults: { learning_rate: 2e-4, beta2: 0.999 },
  conflicts: [
    "Needs no decaying schedule: use `constant`, with a warm-up.",
    "Has its own point of evaluation: not together with moving averages of the weights or lookahead.",
  ],
});
