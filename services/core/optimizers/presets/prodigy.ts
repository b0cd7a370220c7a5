import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { scaleByProdigy } from "../transforms/scaleByProdigy.js";

export const prodigy = definePreset({
  name: "prodigy",
  description: "Adam with a learning rate that it estimates itself from the distance to the start.",
  formula:
    "m = beta1 m + (1 - beta1) d g; v = beta2 v + (1 - beta2) d^2 g^2; d grows to (sum of d learning_rate <g, theta_0 - theta>) / |sum of d learning_rate g|_1, both decayed by beta3; theta = theta - learning_rate d (m / (sqrt(v) + d epsilon) + weight_decay theta)",
  source:
    "Mishchenko and Defazio, 2023, Prodigy: An Expeditiously Adaptive Parameter-Free Learner, arXiv:2306.06101; semantics of the authors' code, which also says to leave the learning rate at 1; safeguard_warmup is on, because schedules here begin with a warm-up.",
  chain: [use(scaleByProdigy), use(scaleByLearningRate)],
  defaults: { learning_rate: 1, safeguard_warmup: true },
  conflicts: ["The estimate is shared by all parameters: parameter groups with other learning rates scale the step, not the estimate."],
});
