import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { coupledDecay } from "../transforms/coupledDecay.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { scaleByNadam } from "../transforms/scaleByNadam.js";

export const nadam = definePreset({
  name: "nadam",
  description: "Adam with Nesterov's momentum.",
  formula:
    "mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2); P_t = mu_1 ... mu_t; g = g + weight_decay theta; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; theta = theta - learning_rate ((1 - mu_t) / (1 - P_t) g + mu_(t+1) / (1 - P_(t+1)) m) / (sqrt(v / (1 - beta2^t)) + epsilon)",
  source:
    "Dozat, 2016, Incorporating Nesterov Momentum into Adam; semantics of torch.optim.NAdam. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(coupledDecay), use(scaleByNadam), use(scaleByLearningRate)],
  defaults: { learning_rate: 5e-5 },
});
