import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { coupledDecay } from "../transforms/coupledDecay.js";
import { scaleByAdamax } from "../transforms/scaleByAdamax.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";

export const adamax = definePreset({
  name: "adamax",
  description: "Adam with the infinity norm: divides by the largest recent gradient.",
  formula:
    "g = g + weight_decay theta; m = beta1 m + (1 - beta1) g; u = max(beta2 u, |g| + epsilon); theta = theta - learning_rate m / (1 - beta1^t) / u",
  source:
    "Kingma and Ba, 2015, Adam: A Method for Stochastic Optimization, arXiv:1412.6980, section 7.1; semantics of torch.optim.Adamax. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(coupledDecay), use(scaleByAdamax), use(scaleByLearningRate)],
  defaults: { learning_rate: 1e-4 },
});
