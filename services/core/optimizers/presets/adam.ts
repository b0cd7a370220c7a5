import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { coupledDecay } from "../transforms/coupledDecay.js";
import { plainAdam, scaleByAdam } from "../transforms/scaleByAdam.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";

export const adam = definePreset({
  name: "adam",
  description: "Adaptive moments: each coordinate's step is its mean gradient over its root mean square.",
  formula:
    "g = g + weight_decay theta; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; " +
    "theta = theta - learning_rate m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)",
  source:
    "Kingma and Ba, 2015, Adam: A Method for Stochastic Optimization, arXiv:1412.6980; semantics of torch.optim.Adam. " +
    "Default learning rate: Devlin et al., 2019, arXiv:1810.04805, appendix A.3.",
  chain: [use(coupledDecay), use(scaleByAdam, plainAdam), use(scaleByLearningRate)],
  defaults: { learning_rate: 5e-5 },
});
