import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { scaleByNovograd } from "../transforms/scaleByNovograd.js";

export const novograd = definePreset({
  name: "novograd",
  description: "Momentum over gradients that are normalised by one second moment for each tensor.",
  formula:
    "v = beta2 v + (1 - beta2) |g|^2, the first v = |g|^2; m = beta1 m + g / (sqrt(v) + epsilon) + weight_decay theta; theta = theta - learning_rate m",
  source:
    "Ginsburg et al., 2019, Stochastic Gradient Methods with Layer-wise Adaptive Moments, arXiv:1905.11286; semantics of NVIDIA's code. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(scaleByNovograd), use(scaleByLearningRate)],
  defaults: { learning_rate: 2e-3 },
});
