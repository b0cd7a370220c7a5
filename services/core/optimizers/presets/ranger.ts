import { definePreset } from "../catalogueEntry.js";
import { use } from "../chain.js";
import { coupledDecay } from "../transforms/coupledDecay.js";
import { plainAdam, scaleByAdam } from "../transforms/scaleByAdam.js";
import { scaleByLearningRate } from "../transforms/scaleByLearningRate.js";
import { scaleByRectification } from "../transforms/scaleByRectification.js";
import { lookahead } from "../wrappers/lookahead.js";

export const ranger = definePreset({
  name: "ranger",
  description: "RAdam with lookahead.",
  formula: "radam; every lookahead_steps: slow = slow + lookahead_alpha (theta - slow), theta = slow",
  source:
    "Wright, 2019, Ranger; Liu et al., 2020, arXiv:1908.03265; Zhang et al., 2019, arXiv:1907.08610. Default learning rate: docs/optimizers/learning-rates.md.",
  chain: [
    use(coupledDecay),
    use(scaleByAdam, { ...plainAdam, rectify: true, uncorrected_epsilon: true }),
    use(scaleByRectification, { rectify: true }),
    use(scaleByLearningRate),
    use(lookahead),
  ],
  defaults: { learning_rate: 1e-4 },
  conflicts: ["Rectification is itself a warm-up: with a schedule's warm-up the rate is warmed up twice."],
});
