import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { coupledDecay } from "../transforms/coupledDecay.js";
import { plainAdam, scaleByAdam } from "../transforms/scaleByAdam.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { scaleByRectification } from "../transforms/scaleByRectification.js";

export const radam = definePreset({
  name: "radam",
  description: "Adam that waits with its adaptive rate until the mean square can be trusted.",
  formula:
    "g = g + weight_decay theta; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; rho_t = rho - 2 t beta2^t / (1 - beta2^t), rho = 2 / (1 - beta2) - 1; if rho_t > 5: theta = theta - learning_rate r_t m / (1 - beta1^t) sqrt(1 - beta2^t) / (sqrt(v) + epsilon), r_t = sqrt((rho_t - 4)(rho_t - 2) rho / ((rho - 4)(rho - 2) rho_t)); else theta = theta - learning_rate m / (1 - beta1^t)",
  source:
    "Liu et al., 2020, On the Variance of the Adaptive Learning Rate and Beyond, arXiv:1908.03265; semantics of torch.optim.RAdam. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [
    use(coupledDecay),
    use(scaleByAdam, { ...plainAdam, rectify: true, uncorrected_epsilon: true }),
    use(scaleByRectification, { rectify: true }),
    use(scaleByLearningRate),
  ],
  defaults: { learning_rate: 5e-5 },
  conflicts: ["Rectification is itself a warm-up: with a schedule's warm-up the rate is warmed up twice."],
});
