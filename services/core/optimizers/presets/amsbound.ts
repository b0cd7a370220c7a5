import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { coupledDecay } from "../transforms/coupledDecay.js";
import { scaleByAdam } from "../transforms/scaleByAdam.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";

export const amsbound = definePreset({
  name: "amsbound",
  description: "AdaBound that divides by the largest mean square so far.",
  formula: "as adabound, with v_max = max(v_max, v) in the place of v in the rate",
  source:
    "Luo et al., 2019, Adaptive Gradient Methods with Dynamic Bound of Learning Rate, arXiv:1902.09843; semantics of the authors' code (amsbound=True). Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [
    use(coupledDecay),
    use(scaleByAdam, { amsgrad: true, rectify: false, bounds: true, uncorrected_epsilon: true }),
    use(scaleByLearningRate),
  ],
  defaults: { learning_rate: 1e-4 },
});
