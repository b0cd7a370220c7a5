import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { scaleByAdopt } from "../transforms/scaleByAdopt.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";

export const adopt = definePreset({
  name: "adopt",
  description: "Adam that normalises each gradient by the mean square before it, and then averages.",
  formula:
    "n = g / max(sqrt(v), epsilon), clipped to (t - 1)^(1/4); m = beta1 m + (1 - beta1) n; v = beta2 v + (1 - beta2) g^2; theta = theta - learning_rate (m + weight_decay theta); the first step sets v = g^2 only",
  source:
    "Taniguchi et al., 2024, ADOPT: Modified Adam Can Converge with Any beta2 with the Optimal Rate, arXiv:2411.02853; semantics of the authors' code. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(scaleByAdopt), use(scaleByLearningRate)],
  defaults: { learning_rate: 5e-5 },
});
