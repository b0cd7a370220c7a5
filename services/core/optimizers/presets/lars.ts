import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { scaleByLars } from "../transforms/scaleByLars.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { trace } from "../transforms/trace.js";

export const lars = definePreset({
  name: "lars",
  description: "Momentum over gradients that get a local rate from the norms of parameter and gradient.",
  formula:
    "r = trust_coefficient |theta| / (|g| + weight_decay |theta| + epsilon); g = r (g + weight_decay theta); b = momentum b + (1 - dampening) g, the first b = g; theta = theta - learning_rate b",
  source:
    "You, Gitman and Ginsburg, 2017, Large Batch Training of Convolutional Networks, arXiv:1708.03888; semantics of timm's Lars. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(scaleByLars), use(trace), use(scaleByLearningRate)],
  defaults: { learning_rate: 0.22, weight_decay: 1e-4 },
  conflicts: ["With weight_decay 0 no parameter has a local rate: it is SGD then."],
});
