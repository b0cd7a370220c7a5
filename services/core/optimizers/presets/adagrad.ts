import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { coupledDecay } from "../transforms/coupledDecay.js";
import { scaleByAdagrad } from "../transforms/scaleByAdagrad.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";

export const adagrad = definePreset({
  name: "adagrad",
  description: "Divides each coordinate by the root of the sum of all its squared gradients.",
  formula:
    "g = g + weight_decay theta; s = s + g^2; theta = theta - learning_rate / (1 + (t - 1) learning_rate_decay) g / (sqrt(s) + epsilon)",
  source:
    "Duchi, Hazan and Singer, 2011, JMLR 12; semantics of torch.optim.Adagrad. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(coupledDecay), use(scaleByAdagrad), use(scaleByLearningRate)],
  defaults: { learning_rate: 1e-3 },
});
