import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { addDecayedWeights } from "../transforms/addDecayedWeights.js";
import { plainAdam, scaleByAdam } from "../transforms/scaleByAdam.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";

export const adamw = definePreset({
  name: "adamw",
  description: "Adam with decoupled weight decay: the usual choice for fine-tuning.",
  formula:
    "m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; " +
    "theta = theta - learning_rate (m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) + weight_decay theta)",
  source:
    "Loshchilov and Hutter, 2019, Decoupled Weight Decay Regularization, arXiv:1711.05101; semantics of torch.optim.AdamW. " +
    "Defaults: learning rate and decay of Devlin et al., 2019, arXiv:1810.04805, appendix A.3.",
  chain: [use(scaleByAdam, plainAdam), use(addDecayedWeights, { after_update: false }), use(scaleByLearningRate)],
  defaults: { learning_rate: 5e-5, weight_decay: 0.01 },
});
