import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { coupledDecay } from "../transforms/coupledDecay.js";
import { plainAdam, scaleByAdam } from "../transforms/scaleByAdam.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";

export const amsgrad = definePreset({
  name: "amsgrad",
  description: "Adam that divides by the largest mean square so far, so that its rates never grow.",
  formula:
    "g = g + weight_decay theta; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; v_max = max(v_max, v); theta = theta - learning_rate m / (1 - beta1^t) / (sqrt(v_max / (1 - beta2^t)) + epsilon)",
  source:
    "Reddi, Kale and Kumar, 2018, On the Convergence of Adam and Beyond, arXiv:1904.09237; semantics of torch.optim.Adam(amsgrad=True). Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [use(coupledDecay), use(scaleByAdam, { ...plainAdam, amsgrad: true }), use(scaleByLearningRate)],
  defaults: { learning_rate: 5e-5 },
});
