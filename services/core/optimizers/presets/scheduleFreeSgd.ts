import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { scheduleFree } from "../wrappers/scheduleFree.js";

export const scheduleFreeSgd = definePreset({
  name: "schedule-free-sgd",
  description: "SGD without a schedule: trains between a fast iterate and its average, evaluates the average.",
  formula:
    "u = g + weight_decay y; z = z - learning_rate u; x = (1 - c) x + c z, c = w_t / (w_1 + ... + w_t), w_t = t^r (largest learning rate)^weight_lr_power; y = (1 - momentum) z + momentum x; the gradient is taken at y, the model evaluated at x",
  source:
    "Defazio et al., 2024, The Road Less Scheduled, arXiv:2405.15682; semantics of the authors' code. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(addDecayedWeights, { after_update: false }), use(scaleByLearningRate), use(scheduleFree, {}, { beta1: "momentum" })],
  defaults: { learning_rate: 0.3, weight_decay: 0 },
  conflicts: [
    "Needs no decaying schedule: use `constant`, with a warm-up.",
    "Has its own point of evaluation: not together with moving averages of the weights or lookahead.",
  ],
});
