import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { coupledDecay } from "../transforms/coupledDecay.js";
import { scaleByAdam } from "../transforms/scaleByAdam.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";

export const adabound = definePreset({
  name: "adabound",
  description: "Adam whose rates are kept within bounds that close in on those of SGD.",
  formula:
    "g = g + weight_decay theta; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; rate = learning_rate sqrt(1 - beta2^t) / (1 - beta1^t) / (sqrt(v) + epsilon), within f (1 - 1 / (gamma t + 1)) and f (1 + 1 / (gamma t)), f = final_learning_rate times the schedule; theta = theta - rate m",
  source:
    "Luo et al., 2019, Adaptive Gradient Methods with Dynamic Bound of Learning Rate, arXiv:1902.09843; semantics of the authors' code. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [
    use(coupledDecay),
    use(scaleByAdam, { amsgrad: false, rectify: false, bounds: true, uncorrected_epsilon: true }),
    use(scaleByLearningRate),
  ],
  defaults: { learning_rate: 1e-4 },
});
